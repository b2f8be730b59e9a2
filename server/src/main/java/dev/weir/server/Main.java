package dev.weir.server;

import dev.weir.server.cli.WeirCommand;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(WeirCommand.run(arguments));
  }
}
