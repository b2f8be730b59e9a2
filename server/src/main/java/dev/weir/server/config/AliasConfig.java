package dev.weir.server.config;

import java.util.List;

/**
 * A path of ours that stands for repositories upstream.
 *
 * @param path    without a slash at its end
 * @param subtree whether everything below {@code path/} is mapped, rather than {@code path} itself
 * @param targets tried in order
 */
public record AliasConfig(String path, boolean subtree, List<Target> targets) {
  public AliasConfig {
    targets = List.copyOf(targets);
  }

  /** @param path the repository there, or for a subtree the path that replaces ours: may then be empty */
  public record Target(String upstream, String path) {}
}
