package dev.weir.server.realclient;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A program with the arguments, environment and time that every run of it gets. */
final class Command {
  private final List<String> fixed;
  private final Map<String, String> environment;
  private final Duration limit;

  Command(List<String> fixed, Map<String, String> environment, Duration limit) {
    this.fixed = List.copyOf(fixed);
    this.environment = Map.copyOf(environment);
    this.limit = limit;
  }

  /** Runs to the end; a run that outlasts the limit is killed and fails the test with what it had said. */
  Outcome run(List<String> arguments) {
    List<String> command = new ArrayList<>(fixed);
    command.addAll(arguments);
    try {
      return await(start(command), command);
    } catch (IOException e) {
      throw new UncheckedIOException("start " + command, e);
    } catch (Exception e) {
      throw new AssertionError("run " + command, e);
    }
  }

  Outcome run(String... arguments) {
    return run(List.of(arguments));
  }

  private Process start(List<String> command) throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    return builder.start();
  }

  private Outcome await(Process process, List<String> command) throws Exception {
    FutureTask<String> stdout = reading(process.getInputStream());
    FutureTask<String> stderr = reading(process.getErrorStream());
    boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    var outcome = new Outcome(command, process.exitValue(), stdout.get(), stderr.get());
    if (!ended) {
      throw new AssertionError("killed after " + limit + ": " + outcome);
    }
    return outcome;
  }

  private static FutureTask<String> reading(InputStream stream) {
    Callable<String> read = () -> new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    var task = new FutureTask<>(read);
    Thread.startVirtualThread(task);
    return task;
  }
}
