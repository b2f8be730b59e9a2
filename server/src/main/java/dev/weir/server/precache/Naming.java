package dev.weir.server.precache;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

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
  void name(Planned planned, Wanted.Place place) throws IOException {
    RepositoryName from = planned.wanted().name();
    Digest image = planned.root().orElseThrow();
    if (!replace) {
      requireFree(place, other(image, place)); // before anything is copied
    }
    if (!from.equals(place.name())) {
      copy(planned, place.name());
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

  /** Blobs, children, then the manifest, so that nothing is ever there that lacks something; and nothing before all stays. */
  private void copy(Planned planned, RepositoryName to) throws IOException {
    Set<Digest> all = new LinkedHashSet<>();
    hold(planned, planned.root().orElseThrow(), all);
    for (Digest each : all) {
      Manifest manifest = get(planned, each);
      for (Descriptor blob : ManifestDocument.parse(manifest.content()).blobs()) {
        content.blobs().link(to, blob.digest());
      }
      content.manifests().putOwned(to, manifest);
    }
  }

  private Manifest get(Planned planned, Digest digest) throws IOException {
    return content.manifests().get(planned.wanted().name(), digest).orElseThrow(() -> gone(digest, planned));
  }

  /** Claims before it looks: a claim may wait for a deletion. What an index names goes before it into {@code all}. */
  private void hold(Planned planned, Digest digest, Set<Digest> all) throws IOException {
    if (all.contains(digest)) {
      return;
    }
    claim.claim(digest);
    ManifestDocument document = ManifestDocument.parse(get(planned, digest).content());
    for (Descriptor blob : document.blobs()) {
      claim.claim(blob.digest());
      if (content.blobs().sizeForWriting(blob.digest()).isEmpty()) {
        throw gone(blob.digest(), planned);
      }
    }
    for (Descriptor child : document.manifests()) {
      if (planned.all().contains(child.digest())
          || content.manifests().has(planned.wanted().name(), child.digest())) {
        hold(planned, child.digest(), all);
      }
    }
    all.add(digest);
  }

  private static IOException gone(Digest what, Planned planned) {
    return new IOException(what + " went while " + planned.wanted().name() + "@" + planned.root().orElseThrow()
        + " was to get another name");
  }
}
