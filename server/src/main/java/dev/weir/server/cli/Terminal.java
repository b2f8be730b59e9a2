package dev.weir.server.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a person watches. */
final class Terminal {
  private static final Path ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /**
   * Whether what is written to standard error is drawn for somebody: wherever that goes, and not where the other streams do,
   * which are a list and a report often enough.
   */
  static boolean isErrorWatched(Map<String, String> environment) {
    if (environment.getOrDefault("TERM", "").equals("dumb")) {
      return false;
    }
    try {
      return Files.readSymbolicLink(ERROR).toString().matches("/dev/(?:pts/.*|tty.*|console)");
    } catch (@SuppressWarnings("UnusedException") IOException | RuntimeException e) { // no such place on this system
      return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
  }
}
