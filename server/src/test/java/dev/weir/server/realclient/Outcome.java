package dev.weir.server.realclient;

import java.util.List;

/** What a program that has ended said. */
record Outcome(List<String> command, int exit, String stdout, String stderr) {

  /** This outcome, if the program succeeded. */
  Outcome orFail() {
    if (exit != 0) {
      throw new AssertionError(this);
    }
    return this;
  }

  /** Standard output without the line end. */
  String line() {
    return stdout.strip();
  }

  @Override
  public String toString() {
    return "`%s` ended with %d%n--- standard output%n%s%n--- standard error%n%s".formatted(String.join(" ", command),
        exit,
        stdout, stderr);
  }
}
