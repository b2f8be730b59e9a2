package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Manifests, by repository and digest. Their bytes are blobs; a revision says that the repository has them.
 *
 * <p>A type that distribution cannot parse would make its garbage collector give up, so such a manifest gets a
 * {@code mediatype} file in place of the {@code link}, which distribution does not see. Every manifest's digest is
 * linked as a blob too: registry:2 finds a repository by its {@code _layers}, which an index alone would not have.
 *
 * <p>Thread-safe.
 */
public final class ManifestStore {
  private final ObjectStore store;
  private final BlobStore blobs;
  private final Links links;

  public ManifestStore(ObjectStore store, BlobStore blobs) {
    this.store = store;
    this.blobs = blobs;
    this.links = new Links(store);
  }

  /** The manifest, if the repository has it and its bytes are here. */
  public Optional<Manifest> get(RepositoryName name, Digest digest) throws IOException {
    Optional<String> ownType = mediaTypeFile(name, digest);
    if (ownType.isEmpty() && links.read(Layout.revisionLink(name, digest)).isEmpty()) {
      return Optional.empty();
    }
    return store.get(Layout.blob(digest)).filter(content -> Digest.of(digest.algorithm(), content).equals(digest))
        .map(content -> new Manifest(ownType.orElseGet(() -> ManifestDocument.parse(content).mediaType()), digest,
            content));
  }

  /**
   * Stores a manifest that a person pushed; one that came from upstream before is owned from now on. Grants nothing:
   * whoever pushes has shown, blob by blob, that the repository may give out what the manifest names.
   */
  public void putOwned(RepositoryName name, Manifest manifest) throws IOException {
    put(name, manifest, ManifestDocument.parse(manifest.content()));
    store.delete(Layout.cachedMark(name, manifest.digest()));
  }

  /**
   * Stores a manifest that came from upstream; one that is there already and owned stays owned. What the manifest names
   * belongs to its repository upstream and needs no further confirmation: the links to its blobs stand before the
   * blobs arrive.
   */
  public void putCached(RepositoryName name, Manifest manifest, String upstream) throws IOException {
    if (get(name, manifest.digest()).isPresent()) {
      return;
    }
    ManifestDocument document = ManifestDocument.parse(manifest.content());
    store.putBytes(Layout.cachedMark(name, manifest.digest()), upstream.getBytes(StandardCharsets.UTF_8));
    for (Descriptor blob : document.blobs()) {
      blobs.link(name, blob.digest());
    }
    put(name, manifest, document);
  }

  /** Whether the manifest came from upstream and was never pushed. */
  public boolean isCached(RepositoryName name, Digest digest) throws IOException {
    return store.size(Layout.cachedMark(name, digest)).isPresent();
  }

  /** Whether a person pushed anything into the repository. Looks at each of its manifests: not for a hot path. */
  public boolean holdsOwned(RepositoryName name) throws IOException {
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      try (Stream<ObjectStore.Child> revisions = store.children(Layout.revisions(name, algorithm), "")) {
        for (ObjectStore.Child revision : (Iterable<ObjectStore.Child>) revisions::iterator) {
          if (!isCached(name, new Digest(algorithm, revision.name()))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Bytes first, then the revision that makes them the repository's. */
  private void put(RepositoryName name, Manifest manifest, ManifestDocument document) throws IOException {
    blobs.commit(manifest.digest(), manifest.content());
    blobs.link(name, manifest.digest());
    if (document.isReadByDistribution() && document.mediaType().equals(manifest.mediaType())) {
      links.write(Layout.revisionLink(name, manifest.digest()), manifest.digest());
    } else {
      store.putBytes(Layout.mediaType(name, manifest.digest()), manifest.mediaType().getBytes(StandardCharsets.UTF_8));
    }
  }

  private Optional<String> mediaTypeFile(RepositoryName name, Digest digest) throws IOException {
    return store.get(Layout.mediaType(name, digest)).map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .filter(type -> !type.isBlank());
  }
}
