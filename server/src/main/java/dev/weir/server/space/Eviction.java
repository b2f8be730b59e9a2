package dev.weir.server.space;

import java.util.List;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/**
 * An image that may go, with everything that goes with it unless somebody comes to need it meanwhile.
 *
 * @param root the manifest that no other names
 * @param usedAt when it was last asked for, in milliseconds since 1970
 * @param manifests the root first, and each before those it names
 * @param blobs what these name, and they themselves; other images may name them too
 * @param isWhole whether all that these name is here, but for children of an index
 * @param links what the repositories may give out for the sake of these manifests alone
 */
record Eviction(Digest root, long usedAt, List<Victim> manifests, List<Digest> blobs, boolean isWhole,
    List<Link> links) {
  /** A manifest, and the repositories that have it. */
  record Victim(Digest digest, List<RepositoryName> repositories) {}

  record Link(RepositoryName name, Digest digest) {}
}
