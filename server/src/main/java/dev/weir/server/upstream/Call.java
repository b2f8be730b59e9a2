package dev.weir.server.upstream;

import java.util.List;

import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;

/**
 * One request to a registry, before it is known who may make it and where the answer lies.
 *
 * @param action what it does, as the beginning of a sentence
 * @param endpoint what follows the repository in the address
 * @param isBulk whether the answer is large: such are fetched over HTTP/1.1, one to a connection
 */
record Call(String action, String method, RepositoryName repository, String endpoint, List<Header> headers,
    boolean isBulk) {
  record Header(String name, String value) {}

  private static final List<Header> ACCEPT_MANIFESTS = MediaTypes.MANIFESTS.stream()
      .map(type -> new Header("Accept", type)).toList();

  boolean isRanged() {
    return headers.stream().anyMatch(header -> header.name().equals("Range"));
  }

  static Call manifest(String action, String method, RepositoryName repository, Object reference) {
    return new Call(action, method, repository, "manifests/" + reference, ACCEPT_MANIFESTS, false);
  }

  static Call get(String action, RepositoryName repository, String endpoint) {
    return new Call(action, "GET", repository, endpoint, List.of(), false);
  }
}
