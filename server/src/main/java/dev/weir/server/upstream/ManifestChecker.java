package dev.weir.server.upstream;

import java.util.Optional;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** {@code HEAD /v2/<name>/manifests/<tag>}. */
final class ManifestChecker {
  private final String upstream;
  private final Caller caller;
  private final boolean isMirror;

  ManifestChecker(String upstream, Caller caller, boolean isMirror) {
    this.upstream = upstream;
    this.caller = caller;
    this.isMirror = isMirror;
  }

  Optional<Digest> check(RepositoryName repository, Tag tag) throws UpstreamException {
    String action = "check manifest " + tag + " of " + repository + " at " + upstream;
    try (Reply reply = caller.call(Call.manifest(action, "HEAD", repository, tag))) {
      if (isMirror) {
        Failures.requireConfirmed(action, reply);
      }
      return Digests.stated(reply);
    }
  }
}
