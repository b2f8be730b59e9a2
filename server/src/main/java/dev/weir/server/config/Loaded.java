package dev.weir.server.config;

import java.util.List;

/**
 * A configuration that weir can start with.
 *
 * @param warnings  sentences for the log, in the order found
 * @param effective every key with its value as YAML, secrets hidden
 */
public record Loaded(WeirConfig config, List<String> warnings, String effective) {
  public Loaded {
    warnings = List.copyOf(warnings);
  }
}
