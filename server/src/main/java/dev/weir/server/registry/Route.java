package dev.weir.server.registry;

import java.util.List;

import dev.weir.storage.RepositoryName;

/**
 * Where a repository of ours may be filled from.
 *
 * @param upstreams tried in order; empty: the repository is ours alone
 * @param onlyThroughProxy nothing but {@code proxy.remoteurl} places this name, so it may well be local
 */
record Route(RepositoryName name, List<UpstreamRepository> upstreams, boolean onlyThroughProxy) {
  /** Those that may be asked now. */
  List<UpstreamRepository> reachable() {
    return upstreams.stream().filter(repository -> !repository.upstream().offline()).toList();
  }
}
