package dev.weir.server.registry;

import java.util.List;

import dev.weir.server.oci.Asker;
import dev.weir.storage.RepositoryName;

/**
 * Where a repository of ours may be filled from.
 *
 * @param upstreams tried in order; empty: the repository is ours alone
 * @param onlyThroughProxy nothing but {@code proxy.remoteurl} places this name, so it may well be local
 */
record Route(RepositoryName name, List<UpstreamRepository> upstreams, boolean onlyThroughProxy) {
  /** Whom the content is from, for those who count; empty where it is ours alone. */
  String upstreamName() {
    return upstreams.isEmpty() ? "" : upstreams.getFirst().upstream().name();
  }

  /** Whether this one may be asked now. */
  static boolean isReachable(UpstreamRepository repository) {
    return !repository.upstream().offline() && !Asker.current().heldOnly();
  }

  /** For the sentence that says that something is not held: why nobody was asked for it. */
  String whyHeldOnly() {
    return upstreams.isEmpty()
        ? ""
        : Asker.current().heldOnly()
            ? "; the request came through here before, and asks nobody a second time"
            : "; its upstream is offline";
  }

  /** Those that may be asked now. */
  List<UpstreamRepository> reachable() {
    return upstreams.stream().filter(Route::isReachable).toList();
  }
}
