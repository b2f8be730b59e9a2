package dev.weir.server.upstream;

import java.util.List;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** {@code HEAD /v2/<name>/blobs/<digest>}. */
final class BlobChecker {
  private final String upstream;
  private final Caller caller;

  BlobChecker(String upstream, Caller caller) {
    this.upstream = upstream;
    this.caller = caller;
  }

  long size(RepositoryName repository, Digest digest) throws UpstreamException {
    String action = "check blob " + digest + " of " + repository + " at " + upstream;
    try (Reply reply = caller.call(new Call(action, "HEAD", repository, "blobs/" + digest, List.of(), false))) {
      return reply.contentLength().orElseThrow(() -> UpstreamException.failed(action, "the answer states no length"));
    }
  }
}
