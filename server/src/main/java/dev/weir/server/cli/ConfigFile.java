package dev.weir.server.cli;

import java.nio.file.Path;

/** Where the configuration is when no file is named. */
final class ConfigFile {
  private ConfigFile() {}

  static Path standard() {
    return Path.of(System.getProperty("weir.home", "."), "conf", "weir.yml");
  }
}
