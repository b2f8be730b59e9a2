package dev.weir.server.upstream;

import java.net.URI;

import dev.weir.storage.RepositoryName;

/**
 * Where an upstream's repositories lie.
 *
 * @param root scheme and authority alone
 * @param prefix before every repository name there; empty or ending in a slash
 */
record UpstreamAddress(URI root, String prefix) {
  /** Of {@code https://host[:port][/prefix]}; an API root as prefix ({@code /v2/}) is taken for none. */
  static UpstreamAddress of(URI remote) {
    String path = remote.getRawPath() == null ? "" : remote.getRawPath().replaceAll("^/+|/+$", "");
    String prefix = path.equals("v2") ? "" : path.startsWith("v2/") ? path.substring(3) : path;
    return new UpstreamAddress(URI.create(remote.getScheme() + "://" + remote.getRawAuthority()),
        prefix.isEmpty() ? "" : prefix + "/");
  }

  Origin origin() {
    return Origin.of(root);
  }

  /** The prefix as a path of its own: without the slash. */
  String path() {
    return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
  }

  /** What the upstream calls the repository. */
  String pathOf(RepositoryName repository) {
    return prefix + repository;
  }

  URI endpoint(Call call) {
    return root.resolve("/v2/" + pathOf(call.repository()) + "/" + call.endpoint());
  }
}
