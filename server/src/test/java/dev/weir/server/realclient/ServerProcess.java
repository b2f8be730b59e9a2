package dev.weir.server.realclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/** A server in a process of its own, which says "listening on HOST:PORT" in its log and answers {@code GET /v2/}, if only to ask who is there. */
final class ServerProcess {
  private static final Pattern LISTENING = Pattern.compile("listening on \\S*:(\\d+)");
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private final Process process;
  private final ServerLog log;
  private final int port;

  private ServerProcess(Process process, ServerLog log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Returns when the server answers; a server that does not come up fails the test with its log. */
  static ServerProcess start(List<String> command, Map<String, String> environment) {
    return start(command, environment, port -> new Wire(URI.create("http://127.0.0.1:" + port)));
  }

  /** @param wires how the server is spoken to on its port */
  static ServerProcess start(List<String> command, Map<String, String> environment, IntFunction<Wire> wires) {
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      endWithThisJvm(process);
      var log = new ServerLog();
      Thread.startVirtualThread(() -> log.follow(process.inputReader()));
      var server = new ServerProcess(process, log, portOf(process, log, command));
      server.awaitAnswer(wires);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("start " + command, e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while starting " + command, e);
    }
  }

  private static int portOf(Process process, ServerLog log, List<String> command) throws InterruptedException {
    var listening = log.await(LISTENING, START_LIMIT).map(match -> Integer.parseInt(match.group(1)));
    if (listening.isEmpty()) {
      process.destroyForcibly();
      throw new AssertionError("`%s` did not say that it listens within %s:%n%s".formatted(String.join(" ", command),
          START_LIMIT, log));
    }
    return listening.get();
  }

  private void awaitAnswer(IntFunction<Wire> wires) {
    int status = wires.apply(port).get("/v2/").statusCode();
    if (status != 200 && status != 401) {
      kill();
      throw new AssertionError("GET /v2/ on port " + port + " answered " + status + ":\n" + log);
    }
  }

  int port() {
    return port;
  }

  ServerLog log() {
    return log;
  }

  /** SIGTERM, then waits for the end. */
  int stop() {
    process.destroy();
    return awaitEnd();
  }

  /** SIGKILL, then waits for the end. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  private int awaitEnd() {
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running " + STOP_LIMIT + " after SIGTERM:\n" + log);
      }
      log.awaitEnd(STOP_LIMIT);
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while stopping", e);
    }
  }

  /** A test run that is cut short leaves no server behind. */
  private static void endWithThisJvm(Process process) {
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }
}
