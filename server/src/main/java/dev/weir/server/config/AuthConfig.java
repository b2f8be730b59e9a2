package dev.weir.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.weir.auth.AccessRule;

/**
 * Who comes in, and what they may do.
 *
 * @param htpasswd empty: nobody is asked for credentials
 * @param rules    empty: who comes in may do everything
 */
public record AuthConfig(Optional<Htpasswd> htpasswd, List<AccessRule> rules) {
  public AuthConfig {
    rules = List.copyOf(rules);
  }

  /** @param realm what clients are told they log in to */
  public record Htpasswd(String realm, Path path) {}
}
