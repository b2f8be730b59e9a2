package dev.weir.server.registry;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

import dev.weir.server.cache.Freshness.HeldTag;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.ManifestStore;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.TagStore;

/** What is held here, by repository: the store, and when upstream last confirmed it. Asks nobody. Thread-safe. */
final class HeldManifests {
  /** A tag that is held, with what it points to. */
  record Held(Manifest manifest, HeldTag tag) {}

  private final ManifestStore manifests;
  private final TagStore tags;
  private final StatedSizes sizes;
  private final BlobCare care;
  private final TagConfirmations confirmations = new TagConfirmations();

  HeldManifests(ManifestStore manifests, TagStore tags, StatedSizes sizes, BlobCare care) {
    this.care = care;
    this.manifests = manifests;
    this.tags = tags;
    this.sizes = sizes;
  }

  Optional<Manifest> get(RepositoryName name, Digest digest) throws IOException {
    Optional<Manifest> found = manifests.get(name, digest);
    found.ifPresent(sizes::noteOnce);
    return found;
  }

  /** A tag whose manifest is missing, as registry:2's proxy mode may leave it, is not held. */
  Optional<Held> get(RepositoryName name, Tag tag) throws IOException {
    Optional<Digest> digest = tags.resolve(name, tag);
    Optional<Manifest> manifest = digest.isEmpty() ? Optional.empty() : get(name, digest.get());
    if (manifest.isEmpty()) {
      return Optional.empty();
    }
    boolean owned = !tags.isCached(name, tag, digest.get());
    return Optional.of(new Held(manifest.get(), new HeldTag(owned, confirmations.at(name, tag, digest.get()))));
  }

  /** Keeps what upstream sent under {@code name}. */
  void keep(RepositoryName name, Manifest manifest, UpstreamRepository from) throws IOException {
    keep(name, manifest, from, care::kept);
  }

  /** How it is said that a manifest is about to be kept. */
  @FunctionalInterface
  private interface Word {
    void give(Digest manifest, ManifestDocument document) throws IOException;
  }

  private void keep(RepositoryName name, Manifest manifest, UpstreamRepository from, Word word) throws IOException {
    try {
      ManifestDocument document = ManifestDocument.parse(manifest.content());
      sizes.note(document);
      word.give(manifest.digest(), document);
      care.alone(manifest.digest(), () -> manifests.putCached(name, manifest, from.label()));
    } catch (IllegalArgumentException e) {
      throw RegistryException.badGateway("pull manifest " + manifest.digest() + " from " + from.label()
          + ": what came is not a manifest: " + e.getMessage(), e);
    }
  }

  /** Lets one more repository have what is held already; looks no further where it has it, and waits for no deletion. */
  void share(RepositoryName name, Manifest manifest, UpstreamRepository from) throws IOException {
    if (!manifests.has(name, manifest.digest())) {
      keep(name, manifest, from, care::keptAtOnce);
    }
  }

  /** Points the tag at a manifest that was kept before. A tag that a person pushed stays theirs. */
  void point(RepositoryName name, Tag tag, Manifest manifest) throws IOException {
    if (!tags.resolve(name, tag).equals(Optional.of(manifest.digest()))) {
      care.named(manifest.digest());
      tags.setCached(name, tag, manifest.digest());
    }
  }

  void confirm(RepositoryName keptAs, Tag tag, Digest digest, Instant now) {
    confirmations.confirm(keptAs, tag, digest, now);
  }

  boolean holdsPushes(RepositoryName name) throws IOException {
    return manifests.holdsOwned(name);
  }
}
