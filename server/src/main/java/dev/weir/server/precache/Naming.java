package dev.weir.server.precache;

import java.io.IOException;
import java.util.Optional;

import dev.weir.storage.Content;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/**
 * Gives images that are here as a whole further names here, as good as pushed ones: they stay until somebody deletes them.
 *
 * @param content whose blobs are shared, so that this costs links alone
 * @param claim keeps a blob from being collected or evicted until its new name stands
 * @param replace also where somebody pushed another image by that name
 */
record Naming(Content content, Precache.Claiming claim, boolean replace) {
  /**
   * The image has this name, too.
   *
   * @throws IOException if it cannot have it, such as because somebody pushed another under it
   */
  void name(RepositoryName from, Digest image, Wanted.Place place) throws IOException {
    if (!replace) {
      requireFree(place, other(image, place)); // before anything is copied
    }
    if (!from.equals(place.name())) {
      copy(from, image, place.name());
    }
    if (replace) {
      content.tags().setOwned(place.name(), place.tag(), image);
    } else {
      requireFree(place, content.tags().setOwnedUnlessPushed(place.name(), place.tag(), image));
    }
  }

  /** What somebody pushed by the name. */
  private Optional<Digest> other(Digest image, Wanted.Place place) throws IOException {
    Optional<Digest> other = content.tags().resolve(place.name(), place.tag()).filter(digest -> !digest.equals(image));
    return other.isEmpty() || content.tags().isCached(place.name(), place.tag(), other.get())
        || !content.manifests().has(place.name(), other.get()) ? Optional.empty() : other;
  }

  private static void requireFree(Wanted.Place place, Optional<Digest> pushed) throws IOException {
    if (pushed.isPresent()) {
      throw new IOException("it names " + pushed.get() + ", which was pushed; --replace has " + place
          + " name what was asked for");
    }
  }

  /** Blobs, children, then the manifest, so that nothing is ever there that lacks something. */
  private void copy(RepositoryName from, Digest digest, RepositoryName to) throws IOException {
    Manifest manifest = content.manifests().get(from, digest)
        .orElseThrow(() -> new IOException(from + "@" + digest + " went while it was to get another name"));
    ManifestDocument document = ManifestDocument.parse(manifest.content());
    for (Descriptor blob : document.blobs()) {
      claim.claim(blob.digest());
      if (content.blobs().sizeForWriting(blob.digest()).isEmpty()) {
        throw new IOException(blob.digest() + " went while " + from + "@" + digest + " was to get another name");
      }
      content.blobs().link(to, blob.digest());
    }
    claim.claim(digest);
    for (Descriptor child : document.manifests()) {
      if (content.manifests().has(from, child.digest())) {
        copy(from, child.digest(), to);
      }
    }
    content.manifests().putOwned(to, manifest);
  }
}
