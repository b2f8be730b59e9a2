package dev.weir.server.realclient;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** How weir is run, as {@code bin/weir} runs it. */
final class WeirProgram {
  private WeirProgram() {}

  /**
   * For many short runs: its classes in jars, as the JVM wants them, and what a run has loaded and linked kept for the next, so that
   * each takes half the time.
   *
   * @param folder to be kept as long as it is run
   */
  static List<String> often(Path folder) throws IOException {
    List<String> path = new ArrayList<>();
    for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = folder.resolve("classes-" + path.size() + ".jar");
      boolean isFolder = Files.isDirectory(Path.of(each));
      if (isFolder) {
        ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "cf", jar.toString(), "-C", each, ".");
      }
      path.add(isFolder ? jar.toString() : each);
    }
    List<String> command = new ArrayList<>(command());
    command.set(command.indexOf("-cp") + 1, String.join(File.pathSeparator, path));
    command.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+AutoCreateSharedArchive",
        "-XX:SharedArchiveFile=" + folder.resolve("classes.jsa"), "-Xlog:disable"));
    return command;
  }

  static List<String> command(String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-Dweir.home=.."));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.weir.server.Main"));
    command.addAll(List.of(arguments));
    return command;
  }
}
