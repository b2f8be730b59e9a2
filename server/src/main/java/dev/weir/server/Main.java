package dev.weir.server;

import dev.weir.server.cli.Program;
import dev.weir.server.wiring.LoggingProvider;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // read by the JDK's HTTP client when it is first used: fewer, larger reads of what comes from upstream
    System.setProperty("jdk.httpclient.bufsize", System.getProperty("jdk.httpclient.bufsize", "65536"));
    LoggingProvider.prepare();
    nameSelectors();
    System.exit(Program.run(arguments));
  }

  /** The JDK's own on Linux. It would look for another in every jar of the class path, and open them all to do so. */
  private static void nameSelectors() {
    if (System.getProperty("os.name").equals("Linux")) {
      String key = "java.nio.channels.spi.SelectorProvider";
      System.setProperty(key, System.getProperty(key, "sun.nio.ch.EPollSelectorProvider"));
    }
  }
}
