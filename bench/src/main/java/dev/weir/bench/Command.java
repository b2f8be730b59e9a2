package dev.weir.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that runs to its end. */
final class Command {
  private Command() {}

  static String output(String... words) throws IOException, InterruptedException {
    return output(Map.of(), List.of(words));
  }

  /** What it printed; an exit status other than 0 is an error that says so. */
  static String output(Map<String, String> environment, List<String> words) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", words) + " ended with status " + status + ":\n" + output);
    }
    return output;
  }

  /** A copy of a tree by hard links: the same files for a server that wants a directory to itself. */
  static Path linked(Path tree, Path copy) throws IOException, InterruptedException {
    output("cp", "-al", tree.toString(), copy.toString());
    return copy;
  }
}
