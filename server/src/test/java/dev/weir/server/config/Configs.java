package dev.weir.server.config;

import java.util.List;
import java.util.Map;

/** Configurations written out in a test. */
final class Configs {
  static final String FILE = "test.yml";

  private Configs() {}

  static Loaded load(String yaml) throws ConfigException {
    return load(yaml, Map.of());
  }

  static Loaded load(String yaml, Map<String, String> environment) throws ConfigException {
    return ConfigLoader.load(FILE, yaml, environment);
  }

  static List<String> problems(String yaml) {
    return problems(yaml, Map.of());
  }

  /** Empty if the configuration is accepted. */
  static List<String> problems(String yaml, Map<String, String> environment) {
    try {
      load(yaml, environment);
      return List.of();
    } catch (ConfigException e) {
      return e.problems();
    }
  }
}
