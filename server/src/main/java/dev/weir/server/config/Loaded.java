package dev.weir.server.config;

import java.util.List;

/**
 * A configuration that weir can start with.
 *
 * @param warnings sentences for the log, in the order found
 * @param text     what it was read from
 * @param tree     where every value came from
 */
public record Loaded(WeirConfig config, List<String> warnings, Secret text, Node tree) {
  public Loaded {
    warnings = List.copyOf(warnings);
  }

  /** Every key with its value as YAML, secrets hidden. */
  public String effective() {
    return Effective.render(tree);
  }
}
