package dev.weir.server.upstream;

import java.util.Optional;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** {@code HEAD /v2/<name>/manifests/<tag>}. */
final class ManifestChecker {
  private final String upstream;
  private final Caller caller;

  ManifestChecker(String upstream, Caller caller) {
    this.upstream = upstream;
    this.caller = caller;
  }

  /** Only who has the tag already asks so: an answer that its giver could not confirm is none. */
  Optional<Digest> check(RepositoryName repository, Tag tag) throws UpstreamException {
    String action = "check manifest " + tag + " of " + repository + " at " + upstream;
    try (Reply reply = caller.call(Call.manifest(action, "HEAD", repository, tag))) {
      Failures.requireConfirmed(action, reply);
      return Digests.stated(reply);
    }
  }
}
