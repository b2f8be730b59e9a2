package dev.weir.server.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;

/**
 * The sizes that manifests state of their blobs, as they come from upstream. In memory and bounded: what is forgotten is
 * not checked. Thread-safe.
 *
 * <p>An upstream that states a blob to be larger than it is moves the end that is held back behind the blob's own, and a
 * client that knows better could take all of it unverified, as a part. Some images in the wild state wrong sizes, too; so
 * where the two differ, no part is given out, and that is all.
 */
final class StatedSizes {
  private static final int MOST = 100_000;
  private static final int MOST_NOTED = 10_000;

  private final Cache<Digest, Long> sizes = Caffeine.newBuilder().maximumSize(MOST).build();
  private final Cache<Digest, Boolean> noted = Caffeine.newBuilder().maximumSize(MOST_NOTED).build();

  /** One that is held: what it states is how a blob is known to be damaged before it is read. */
  void noteOnce(Manifest manifest) {
    if (noted.getIfPresent(manifest.digest()) == null) {
      noted.put(manifest.digest(), true);
      note(ManifestDocument.parse(manifest.content()));
    }
  }

  void note(ManifestDocument document) {
    for (Descriptor blob : document.blobs()) {
      if (blob.size() >= 0) {
        sizes.put(blob.digest(), blob.size());
      }
    }
  }

  boolean contradict(Digest digest, long size) {
    Long stated = sizes.getIfPresent(digest);
    return stated != null && stated != size;
  }
}
