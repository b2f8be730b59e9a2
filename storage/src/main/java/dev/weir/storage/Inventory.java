package dev.weir.storage;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.weir.storage.ContentListener.Keeping;

/** What lies in the tree, for whoever walks all of it: slow, and never on a request's path. Thread-safe. */
public final class Inventory {
  private static final int SHARDS = 256;

  private final ObjectStore store;
  private final ManifestStore manifests;

  Inventory(ObjectStore store, ManifestStore manifests) {
    this.store = store;
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
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      for (Digest digest : digests(algorithm, Layout.revisions(name, algorithm))) {
        if (manifests.has(name, digest)) {
          found.add(new Revision(digest, manifests.keeping(name, digest)));
        }
      }
    }
    return found;
  }

  /** What the manifest says, as any repository that has it would read it. Empty: its bytes are missing or damaged. */
  public Optional<ManifestDocument> document(Digest manifest) throws IOException {
    Optional<byte[]> content = store.get(Layout.blob(manifest))
        .filter(bytes -> Digest.of(manifest.algorithm(), bytes).equals(manifest));
    try {
      return content.map(ManifestDocument::parse);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
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
