package dev.weir.server.upstream;

import java.util.Optional;

import dev.weir.auth.Credentials;

/** Knows the credentials for other registries. Asked for every request, so that a changed pull secret counts at once. */
@FunctionalInterface
public interface CredentialsSource {
  CredentialsSource NONE = (host, path) -> Optional.empty();

  /**
   * @param host of the registry, with the port where the address has one
   * @param path of the repository there
   */
  Optional<Credentials> credentials(String host, String path);
}
