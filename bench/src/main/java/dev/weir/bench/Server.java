package dev.weir.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** A server process under measurement, and those it started: nginx has its workers. */
final class Server implements AutoCloseable {
  private static final long LONGEST_START_SECONDS = 60;
  private static final long LONGEST_AFTERMATH_SECONDS = 30;
  private static final long QUIET_MILLIS = 200;

  private final Contender contender;
  private final Process process;
  private final Door door;
  private final Path directory;

  Server(Contender contender, Process process, Door door, Path directory) {
    this.contender = contender;
    this.process = process;
    this.door = door;
    this.directory = directory;
  }

  Contender contender() {
    return contender;
  }

  Door door() {
    return door;
  }

  URI address(String path) {
    return door.address(path);
  }

  /** What a driver does, and what that costs this server. */
  Round measure(Driver driver) throws IOException, InterruptedException {
    double before = cpuSeconds();
    Load load = driver.run();
    return Round.of(load, cpuSeconds() - before, residentMebibytes());
  }

  /** Puts a load on a server. */
  interface Driver {
    Load run() throws IOException, InterruptedException;
  }

  double cpuSeconds() {
    return sum(pid -> read(ProcessFigures::cpuSeconds, pid));
  }

  /** Returns when it has nothing left to do: what it does behind an answer's back is a part of the answer's cost. */
  void awaitQuiet() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_AFTERMATH_SECONDS);
    double before = -1;
    for (double now = cpuSeconds(); now > before && System.nanoTime() < deadline; now = cpuSeconds()) {
      before = now;
      TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
    }
  }

  double residentMebibytes() {
    return sum(pid -> read(ProcessFigures::residentMebibytes, pid));
  }

  double peakMebibytes() {
    return sum(pid -> read(ProcessFigures::peakMebibytes, pid));
  }

  private double sum(ToDoubleFunction<Long> figure) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .mapToDouble(handle -> figure.applyAsDouble(handle.pid())).sum();
  }

  private interface Reading {
    double of(long pid) throws IOException;
  }

  private static double read(Reading reading, long pid) {
    try {
      return reading.of(pid);
    } catch (IOException e) {
      throw new UncheckedIOException("no figures for process " + pid, e);
    }
  }

  /** Until it answers at all, with 200 or with 401. Returns when that was, by System.nanoTime. */
  long awaitAnswer() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START_SECONDS);
    while (!answers()) {
      if (System.nanoTime() > deadline || !process.isAlive()) {
        close();
        throw new IOException(
            contender.label() + " did not start; its log:\n" + Files.readString(directory.resolve("log")));
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
    return System.nanoTime();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Its own, with its logs. */
  Path directory() {
    return directory;
  }

  private boolean answers() {
    try (Connection connection = door.connect()) {
      connection.get("/v2/");
      return true;
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
