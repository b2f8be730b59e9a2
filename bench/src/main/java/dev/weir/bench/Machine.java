package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were taken on, in a sentence or two. */
final class Machine {
  private Machine() {}

  static String described(Path checkout) throws IOException, InterruptedException {
    return "%s, %d processors, %s, Linux %s, load %s at the start. %s; %s; JDK %s. Commit %s.%n".formatted(cpu(),
        Runtime.getRuntime().availableProcessors(), memory(),
        System.getProperty("os.version").replaceAll("^(\\d+\\.\\d+).*", "$1"), load(),
        version("docker-registry", "--version"), version("nginx", "-v"), Runtime.version().feature(),
        commit(checkout));
  }

  private static String cpu() throws IOException {
    return field(Path.of("/proc/cpuinfo"), "model name");
  }

  private static String memory() throws IOException {
    return Long.parseLong(field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "")) / (1 << 20) + " GiB";
  }

  private static String load() throws IOException {
    String text = Files.readString(Path.of("/proc/loadavg"));
    return text.substring(0, text.indexOf(' '));
  }

  private static String field(Path file, String name) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> line.startsWith(name)).findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
  }

  private static String version(String... command) throws IOException, InterruptedException {
    return Command.output(command).strip();
  }

  /** With a + where files differ from it. */
  private static String commit(Path checkout) throws IOException, InterruptedException {
    String at = checkout.toString();
    boolean changed = !Command.output("git", "-C", at, "status", "--porcelain", "-uno").isBlank();
    return Command.output("git", "-C", at, "rev-parse", "--short", "HEAD").strip() + (changed ? "+" : "");
  }
}
