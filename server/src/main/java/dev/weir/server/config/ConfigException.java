package dev.weir.server.config;

import java.util.List;

/** Everything that is wrong with a configuration, a sentence each; meant to be printed without its stack. */
public final class ConfigException extends Exception {
  private final List<String> problems;

  public ConfigException(String file, List<String> problems) {
    super("weir cannot start with the configuration " + file + ":\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
