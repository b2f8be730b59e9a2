package dev.weir.server.registry;

import java.time.Duration;

import dev.weir.server.upstream.UpstreamException;
import dev.weir.storage.RepositoryName;

/**
 * One repository upstream.
 *
 * @param path its name there
 * @param keptAs where everything that came from it is kept here, whatever name it was asked for by: all names that
 *     resolve to it share this
 */
record UpstreamRepository(Upstream upstream, RepositoryName path, RepositoryName keptAs) {
  /** For messages: {@code quay.io/openshift-release-dev/ocp-release}. */
  String label() {
    return upstream.name() + "/" + path;
  }

  /** What waiting for it in vain comes to; those who come next need not wait as long. */
  UpstreamException timedOut(String what, Duration howLong) {
    upstream.client().givenUp(howLong);
    return UpstreamException.timedOut(what + " of " + path + " from " + upstream.name(),
        "no answer in " + howLong.toMillis() + " ms");
  }
}
