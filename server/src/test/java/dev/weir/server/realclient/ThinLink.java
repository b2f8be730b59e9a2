package dev.weir.server.realclient;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A registry behind a thin link, and the network namespace at the link's far end; see {@code thin-link.py}. */
final class ThinLink implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("listening on (\\S+), reach the namespace at (\\S+)");
  private static final Pattern RESULT = Pattern.compile("\"payload\": (\\d+), \"bytes\": (\\d+)");

  private final String namespace;
  private final Process process;
  private final BufferedReader said;
  private final Matcher addresses;

  private ThinLink(String namespace, Process process) throws IOException {
    this.namespace = namespace;
    this.process = process;
    this.said = process.inputReader();
    String line = String.valueOf(said.readLine());
    this.addresses = READY.matcher(line);
    if (!addresses.matches()) {
      process.destroy();
      throw new AssertionError("the link did not come up: " + line);
    }
  }

  /** @param options of the link */
  static ThinLink start(Path directory, Path content, String... options) throws IOException {
    Path script = directory.resolve("thin-link.py");
    try (var in = ThinLink.class.getResourceAsStream("/thin-link.py")) {
      Files.write(script, Objects.requireNonNull(in).readAllBytes());
    }
    String namespace = "weir-" + ProcessHandle.current().pid() + "-" + System.nanoTime() % 1000;
    List<String> command = new ArrayList<>(List.of("python3", script.toString(), namespace, content.toString()));
    command.addAll(List.of(options));
    return new ThinLink(namespace, new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  static boolean isPossible() {
    return "root".equals(System.getProperty("user.name")) && Files.isWritable(Path.of("/dev/net/tun"));
  }

  /** Where the registry is, from the namespace, across the link. */
  URI registry() {
    return URI.create("http://" + addresses.group(1));
  }

  /** Where a server in the namespace is reached from here, beside the link. */
  String inside() {
    return addresses.group(2);
  }

  /** The command that runs another in the namespace. */
  List<String> within(List<String> command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    all.addAll(command);
    return all;
  }

  /** Ends it; how many bytes of answers crossed the link, without what TCP had to repeat. */
  long end() {
    try {
      process.outputWriter().close();
      String all = String.join("\n", said.readAllLines());
      process.waitFor();
      Matcher result = RESULT.matcher(all);
      if (!result.find()) {
        throw new AssertionError("the link ended without a word: " + all);
      }
      return Long.parseLong(result.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      end();
    }
  }
}
