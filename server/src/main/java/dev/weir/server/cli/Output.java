package dev.weir.server.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;

import picocli.CommandLine.Model.CommandSpec;

/** How a command says what it has to say; spelled as on the command line. */
enum Output {
  text, json;

  /** Says it on the command's standard output. */
  void print(CommandSpec command, Supplier<String> asText, Supplier<String> asJson) {
    PrintWriter out = command.commandLine().getOut();
    out.print(switch (this) {
      case text -> asText.get();
      case json -> asJson.get();
    });
    out.flush();
  }
}
