package dev.weir.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A server process under measurement. */
final class RunningServer implements AutoCloseable {
  /** What the kernel counts CPU time in, on every Linux that runs a JDK. */
  private static final double TICKS_PER_SECOND = 100;
  /** Fields of /proc/pid/stat after the name in brackets, counted from 0. */
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  private final Process process;
  private final int port;

  RunningServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** CPU seconds of all its threads, since it started. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
  }

  /** Resident memory in MiB. */
  long residentMebibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum()
        / 1024;
  }

  void awaitReady(Path log) throws IOException {
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest ping = HttpRequest.newBuilder(address("/v2/")).build();
      while (!answers(client, ping)) {
        if (System.nanoTime() > deadline || !process.isAlive()) {
          process.destroyForcibly();
          throw new IOException("the server did not start:\n" + Files.readString(log));
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped", e);
    }
  }

  private static boolean answers(HttpClient client, HttpRequest ping) throws InterruptedException {
    try {
      return client.send(ping, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
