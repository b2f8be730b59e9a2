package dev.weir.storage;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.weir.storage.ContentListener.Keeping;

/** What lies in the tree, for whoever walks all of it: slow, and never on a request's path. Thread-safe. */
public final class Inventory {
  private static final int SHARDS = 256;

  private final ObjectStore store;
  private final ManifestStore manifests;
  private final Links links;

  Inventory(ObjectStore store, ManifestStore manifests) {
    this.store = store;
    this.links = new Links(store);
    this.manifests = manifests;
  }

  /** A manifest that a repository has. */
  public record Revision(Digest digest, Keeping keeping) {}

  /** The parts that blobs are listed in, each a small share of all. */
  public List<Shard> shards() {
    return Stream.of(Digest.Algorithm.values())
        .flatMap(algorithm -> IntStream.range(0, SHARDS)
            .mapToObj(number -> new Shard(algorithm, String.format(Locale.ROOT, "%02x", number))))
        .toList();
  }

  /** Of the blobs, those whose digests begin so. */
  public record Shard(Digest.Algorithm algorithm, String begin) {}

  /** The digests that something lies under; whether it is a whole blob, its size says. */
  public List<Digest> blobs(Shard shard) throws IOException {
    return digests(shard.algorithm(), Layout.blobs(shard.algorithm(), shard.begin()));
  }

  /** When the blob's bytes were written, as far as that is known. */
  public Optional<Instant> written(Digest blob) throws IOException {
    return store.written(Layout.blob(blob));
  }

  /** What the repository may give out, whether or not it is here. */
  public List<Digest> layers(RepositoryName name) throws IOException {
    List<Digest> found = new ArrayList<>();
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      found.addAll(digests(algorithm, Layout.layers(name, algorithm)));
    }
    return found;
  }

  /** The manifests that the repository has. */
  public List<Revision> revisions(RepositoryName name) throws IOException {
    List<Revision> found = new ArrayList<>();
    revisions(name, found::add);
    return found;
  }

  /** Tells of the manifests that the repository has, one by one, until it hears false. */
  public void revisions(RepositoryName name, Predicate<Revision> goesOn) throws IOException {
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      for (Digest digest : digests(algorithm, Layout.revisions(name, algorithm))) {
        if (manifests.has(name, digest)
            && !goesOn.test(new Revision(digest, manifests.keeping(name, digest)))) {
          return;
        }
      }
    }
  }

  /** What the manifest says, as any repository that has it would read it. Empty: its bytes are missing or damaged. */
  public Optional<ManifestDocument> document(Digest manifest) throws IOException {
    return sound(manifest, store.get(Layout.blob(manifest)));
  }

  private static Optional<ManifestDocument> sound(Digest manifest, Optional<byte[]> here) {
    return here.filter(bytes -> Digest.of(manifest.algorithm(), bytes).equals(manifest))
        .flatMap(ManifestDocument::parsed);
  }

  /**
   * What a manifest has others keep.
   *
   * @param document empty: nothing of it is left
   * @param isComplete whether it surely names all that it ever named
   * @param bytes what lies there in its place; 0: nothing
   */
  public record Reading(Optional<ManifestDocument> document, boolean isComplete, long bytes) {}

  /**
   * What is to be kept for the manifest's sake, as the repository has it: also what one names that cannot be read, or
   * whose bytes are damaged or were set aside for that, and what its links lead to under other digests.
   */
  public Reading reading(RepositoryName name, Digest manifest) throws IOException {
    Optional<byte[]> here = store.get(Layout.blob(manifest));
    long bytes = here.map(all -> all.length).orElse(0);
    Optional<ManifestDocument> sound = sound(manifest, here);
    if (sound.isPresent()) {
      return new Reading(Optional.of(sound.get().keeping(linkedElsewhere(name, sound.get()))), true, bytes);
    }
    Optional<byte[]> left = here.isPresent() ? here : store.get(Layout.damaged(manifest));
    boolean isIntact = left.filter(all -> Digest.of(manifest.algorithm(), all).equals(manifest)).isPresent();
    return new Reading(left.map(ManifestDocument::mentioning), isIntact, bytes);
  }

  /** registry:2 keeps what was pushed as sha512 under its sha256. */
  private List<Descriptor> linkedElsewhere(RepositoryName name, ManifestDocument document) throws IOException {
    List<Descriptor> found = new ArrayList<>();
    for (Descriptor blob : document.blobs()) {
      if (blob.digest().algorithm() == Digest.Algorithm.SHA512) {
        links.read(Layout.layerLink(name, blob.digest())).filter(target -> !target.equals(blob.digest()))
            .ifPresent(target -> found.add(new Descriptor(blob.mediaType(), target, blob.size())));
      }
    }
    return found;
  }

  private List<Digest> digests(Digest.Algorithm algorithm, ObjectKey prefix) throws IOException {
    try (Stream<ObjectStore.Child> children = store.children(prefix, "")) {
      return children.flatMap(child -> parsed(algorithm, child.name()).stream()).toList();
    }
  }

  private static Optional<Digest> parsed(Digest.Algorithm algorithm, String hex) {
    try {
      return Optional.of(new Digest(algorithm, hex));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
