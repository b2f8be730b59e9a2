package dev.weir.server.realclient;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How weir is run, as {@code bin/weir} runs it. */
final class WeirProgram {
  private WeirProgram() {}

  static List<String> command(String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-Dweir.home=.."));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.weir.server.Main"));
    command.addAll(List.of(arguments));
    return command;
  }
}
