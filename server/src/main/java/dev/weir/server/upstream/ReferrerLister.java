package dev.weir.server.upstream;

import java.util.List;

import dev.weir.server.oci.Referrer;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * {@code GET /v2/<name>/referrers/<digest>}, and where the registry does not have that, the referrers tag schema (OCI
 * distribution-spec, "Unavailable Referrers API").
 */
final class ReferrerLister {
  private static final int LARGEST = 8 * 1024 * 1024;
  private static final List<Call.Header> ACCEPT = List.of(new Call.Header("Accept", MediaTypes.OCI_INDEX));

  private final String upstream;
  private final Caller caller;
  private final ManifestPuller manifests;

  ReferrerLister(String upstream, Caller caller, ManifestPuller manifests) {
    this.upstream = upstream;
    this.caller = caller;
    this.manifests = manifests;
  }

  List<Referrer> list(RepositoryName repository, Digest subject) throws UpstreamException {
    String action = "list the referrers of " + subject + " in " + repository + " at " + upstream;
    try (Reply reply = caller.call(new Call(action, "GET", repository, "referrers/" + subject, ACCEPT, false))) {
      return parsed(action, reply.body().readAll(LARGEST));
    } catch (UpstreamException e) {
      if (e.kind() != UpstreamException.Kind.ABSENT) {
        throw e;
      }
      return byTag(action, repository, subject);
    }
  }

  private List<Referrer> byTag(String action, RepositoryName repository, Digest subject) throws UpstreamException {
    try {
      return parsed(action, manifests.pull(repository, Tag.parse(subject.algorithm() + "-" + subject.hex())).content());
    } catch (UpstreamException e) {
      if (e.kind() == UpstreamException.Kind.ABSENT) {
        return List.of();
      }
      throw e;
    }
  }

  private static List<Referrer> parsed(String action, byte[] index) throws UpstreamException {
    try {
      return Referrer.listIn(index);
    } catch (IllegalArgumentException e) {
      throw new UpstreamException(UpstreamException.Kind.FAILED, action, "the answer is no index", e);
    }
  }
}
