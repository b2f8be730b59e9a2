package dev.weir.server;

import dev.weir.server.cli.WeirCommand;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // read by the JDK's HTTP client when it is first used: fewer, larger reads of what comes from upstream
    System.setProperty("jdk.httpclient.bufsize", System.getProperty("jdk.httpclient.bufsize", "65536"));
    System.exit(WeirCommand.run(arguments));
  }
}
