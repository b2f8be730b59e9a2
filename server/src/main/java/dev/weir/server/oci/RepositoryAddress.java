package dev.weir.server.oci;

import java.util.Optional;

import dev.weir.storage.RepositoryName;

/**
 * A repository as a request names it, before it is known what any host in it means.
 *
 * @param host the component before {@code /v2/} ({@code /quay.io/v2/…}, containerd's hosts.toml with a path)
 * @param namespace the value of {@code ?ns=}, containerd's word for the registry it believes to be talking to
 */
public record RepositoryAddress(RepositoryName name, Optional<String> host, Optional<String> namespace) {
  public static RepositoryAddress of(RepositoryName name) {
    return new RepositoryAddress(name, Optional.empty(), Optional.empty());
  }
}
