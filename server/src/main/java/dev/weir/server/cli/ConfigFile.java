package dev.weir.server.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the configuration is. */
final class ConfigFile {
  /** As in distribution: for whoever names no file. */
  private static final String VARIABLE = "REGISTRY_CONFIGURATION_PATH";

  private ConfigFile() {}

  /** @param named on the command line, and so before all else */
  static Path chosen(Optional<Path> named, Map<String, String> environment) {
    return named.or(() -> Optional.ofNullable(environment.get(VARIABLE)).filter(path -> !path.isEmpty()).map(Path::of))
        .orElseGet(() -> Path.of(System.getProperty("weir.home", "."), "conf", "weir.yml"));
  }
}
