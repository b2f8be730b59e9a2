package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.weir.storage.ContentListener.Keeping;

/**
 * Manifests, by repository and digest. Their bytes are blobs; a revision says that the repository has them.
 *
 * <p>A type that distribution cannot parse would make its garbage collector give up, so such a manifest gets a
 * {@code mediatype} file in place of the {@code link}, which distribution does not see. Every manifest's digest is
 * linked as a blob too: registry:2 finds a repository by its {@code _layers}, which an index alone would not have.
 *
 * <p>Thread-safe. There is one over a store: its locks keep a push and a pull of the same manifest apart.
 */
public final class ManifestStore {
  private final ObjectStore store;
  private final BlobStore blobs;
  private final Links links;
  private final Changes changes;
  private final ContentListener listener;
  private final ReferrerStore referrers;
  private final NameLocks locks = new NameLocks();

  /** @param changes told of each manifest that is pushed or goes */
  public ManifestStore(ObjectStore store, BlobStore blobs, Changes changes) {
    this(store, blobs, changes, ContentListener.NONE);
  }

  /** @param listener told of each manifest that comes or goes */
  ManifestStore(ObjectStore store, BlobStore blobs, Changes changes, ContentListener listener) {
    this.store = store;
    this.listener = listener;
    this.changes = changes;
    this.blobs = blobs;
    this.links = new Links(store);
    this.referrers = new ReferrerStore(store);
  }

  /** The manifest, if the repository has it and its bytes are here and whole. */
  public Optional<Manifest> get(RepositoryName name, Digest digest) throws IOException {
    return get(store, name, digest);
  }

  private static Optional<Manifest> get(ObjectStore from, RepositoryName name, Digest digest) throws IOException {
    Optional<String> ownType = mediaTypeFile(from, name, digest);
    if (ownType.isEmpty() && new Links(from).read(Layout.revisionLink(name, digest)).isEmpty()) {
      return Optional.empty();
    }
    return from.get(Layout.blob(digest)).filter(content -> Digest.of(digest.algorithm(), content).equals(digest))
        .flatMap(content -> ownType.or(() -> derivedType(content)).map(type -> new Manifest(type, digest, content)));
  }

  /**
   * Stores a manifest that a person pushed; one that came from upstream before is owned from now on. Grants nothing:
   * whoever pushes has shown, blob by blob, that the repository may give out what the manifest names.
   *
   * @throws IllegalArgumentException as {@link ManifestDocument#parse} does
   */
  public void putOwned(RepositoryName name, Manifest manifest) throws IOException {
    ManifestDocument document = ManifestDocument.parse(manifest.content());
    Lock lock = locks.of(Layout.revision(name, manifest.digest()));
    lock.lock();
    try {
      listener.manifestKept(name, manifest.digest(), Keeping.OWNED, document);
      put(name, manifest, document);
      store.delete(Layout.cachedMark(name, manifest.digest()));
    } finally {
      changes.happened();
      lock.unlock();
    }
  }

  /**
   * Stores a manifest that came from upstream; one that is there already and owned stays owned, also when its bytes had
   * to be brought back. What the manifest names belongs to its repository upstream and needs no further confirmation:
   * the links to its blobs stand before the blobs arrive.
   *
   * @throws IllegalArgumentException as {@link ManifestDocument#parse} does
   */
  public void putCached(RepositoryName name, Manifest manifest, String upstream) throws IOException {
    ManifestDocument document = ManifestDocument.parse(manifest.content());
    Lock lock = locks.of(Layout.revision(name, manifest.digest()));
    lock.lock();
    try {
      if (get(store.itself(), name, manifest.digest()).isPresent()) {
        return;
      }
      boolean isNew = !has(store.itself(), name, manifest.digest());
      listener.manifestKept(name, manifest.digest(),
          isNew ? Keeping.CACHED : keeping(name, manifest.digest()), document);
      if (isNew) {
        mark(name, manifest.digest(), upstream);
      }
      for (Descriptor blob : document.isCheckedAs(manifest.mediaType()) ? document.blobs() : List.<Descriptor>of()) {
        blobs.link(name, blob.digest());
      }
      put(name, manifest, document);
    } finally {
      lock.unlock();
    }
  }

  /** If another process pushed it since we looked, it is owned: no mark. If another fetched it, its mark was there before. */
  private void mark(RepositoryName name, Digest digest, String upstream) throws IOException {
    ObjectKey mark = Layout.cachedMark(name, digest);
    boolean isFirst = store.putIfAbsent(mark, upstream.getBytes(StandardCharsets.UTF_8));
    if (isFirst && has(store.itself(), name, digest)) {
      store.delete(mark);
    }
  }

  /** Marks a manifest that another registry fetched from upstream as that. False: the repository does not have it. */
  public boolean adopt(RepositoryName name, Digest digest, String upstream) throws IOException {
    Lock lock = locks.of(Layout.revision(name, digest));
    lock.lock();
    try {
      if (!has(name, digest)) {
        return false;
      }
      store.putBytes(Layout.cachedMark(name, digest), upstream.getBytes(StandardCharsets.UTF_8));
      listener.keepingChanged(name, digest, keeping(name, digest));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the manifest came from upstream and was never pushed. */
  public boolean isCached(RepositoryName name, Digest digest) throws IOException {
    return store.size(Layout.cachedMark(name, digest)).isPresent();
  }

  /** Whether a person pushed anything into the repository. Looks at each of its manifests: not for a hot path. */
  public boolean holdsOwned(RepositoryName name) throws IOException {
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      for (String hex : namesBelow(Layout.revisions(name, algorithm))) {
        if (isOwned(name, algorithm + ":" + hex)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Takes the manifest from the repository, with all that weir remembers of it there; its bytes stay for others, and
   * tags that point to it dangle. False: the repository did not have it.
   */
  public boolean delete(RepositoryName name, Digest digest) throws IOException {
    Lock lock = locks.of(Layout.revision(name, digest));
    lock.lock();
    try {
      boolean wasThere = remove(name, digest);
      for (String tag : namesBelow(Layout.cachedTagMarks(name, digest))) {
        store.delete(Layout.cachedTagMarks(name, digest).resolve(tag));
      }
      return wasThere;
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #delete}, but only what came from upstream and is not pinned. Leaves the marks of tags to
   * {@link TagStore#evict}: a tag that another process sets from upstream right now has its mark before its link. False: it
   * stays, or is gone.
   */
  public boolean evict(RepositoryName name, Digest digest) throws IOException {
    Lock lock = locks.of(Layout.revision(name, digest));
    lock.lock();
    try {
      return keeping(store.itself(), name, digest) == Keeping.CACHED && remove(name, digest);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Marks what the repository has so that it is never evicted, as long as any name stands in the mark. False: it does not
   * have it.
   *
   * @param pin a name without line breaks
   */
  public boolean pin(RepositoryName name, Digest digest, String pin) throws IOException {
    Lock lock = locks.of(Layout.revision(name, digest));
    lock.lock();
    try {
      if (!has(name, digest)) {
        return false;
      }
      Set<String> pins = pins(name, digest);
      if (pins.add(pin)) {
        writePins(name, digest, pins);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a name that {@link #pin} gave out of the mark, and the mark away with the last. False: it was not there. */
  public boolean unpin(RepositoryName name, Digest digest, String pin) throws IOException {
    Lock lock = locks.of(Layout.revision(name, digest));
    lock.lock();
    try {
      Set<String> pins = pins(name, digest);
      boolean was = pins.remove(pin);
      if (was) {
        writePins(name, digest, pins);
      }
      return was;
    } finally {
      lock.unlock();
    }
  }

  private void writePins(RepositoryName name, Digest digest, Set<String> pins) throws IOException {
    if (pins.isEmpty()) {
      store.delete(Layout.pinnedMark(name, digest));
    } else {
      store.putBytes(Layout.pinnedMark(name, digest),
          (String.join("\n", pins) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    listener.keepingChanged(name, digest, keeping(name, digest));
  }

  /** The names in the mark of {@link #pin}, in order; one that a person made by hand may have an empty one. */
  public SortedSet<String> pins(RepositoryName name, Digest digest) throws IOException {
    return store.get(Layout.pinnedMark(name, digest)).map(mark -> new String(mark, StandardCharsets.UTF_8))
        .map(mark -> new TreeSet<>(mark.isEmpty() ? List.of("") : mark.lines().toList())).orElseGet(TreeSet::new);
  }

  /** Whether it was marked by {@link #pin}. */
  public boolean isPinned(RepositoryName name, Digest digest) throws IOException {
    return store.size(Layout.pinnedMark(name, digest)).isPresent();
  }

  /** What a manifest that the repository has is to it. */
  public Keeping keeping(RepositoryName name, Digest digest) throws IOException {
    return keeping(store, name, digest);
  }

  private static Keeping keeping(ObjectStore in, RepositoryName name, Digest digest) throws IOException {
    if (in.size(Layout.cachedMark(name, digest)).isEmpty()) {
      return Keeping.OWNED;
    }
    return in.size(Layout.pinnedMark(name, digest)).isPresent() ? Keeping.PINNED : Keeping.CACHED;
  }

  private boolean remove(RepositoryName name, Digest digest) throws IOException {
    try {
      removeAsReferrer(name, digest);
      boolean wasLinked = store.delete(Layout.revisionLink(name, digest));
      boolean wasTyped = store.delete(Layout.mediaType(name, digest));
      blobs.unlink(name, digest);
      store.delete(Layout.pinnedMark(name, digest));
      store.delete(Layout.cachedMark(name, digest));
      listener.manifestRemoved(name, digest);
      return wasLinked || wasTyped;
    } finally {
      changes.happened();
    }
  }

  /** Gives the manifests of the repository whose subject this is one by one, whether or not it is there itself. */
  public void forEachReferrer(RepositoryName name, Digest subject, Consumer<Manifest> action) throws IOException {
    for (Digest referrer : referrers.of(name, subject)) {
      get(name, referrer).ifPresent(action);
    }
  }

  /** What {@link #forEachReferrer} gives, by digest; some may no longer be there. */
  public List<Digest> referrers(RepositoryName name, Digest subject) throws IOException {
    return referrers.of(name, subject);
  }

  /** Bytes first, then the revision that makes them the repository's. */
  private void put(RepositoryName name, Manifest manifest, ManifestDocument document) throws IOException {
    blobs.commit(manifest.digest(), manifest.content());
    blobs.link(name, manifest.digest());
    if (document.subject().isPresent()) {
      referrers.add(name, document.subject().get().digest(), manifest.digest());
    }
    if (document.isReadByDistribution() && document.mediaType().equals(manifest.mediaType())) {
      links.write(Layout.revisionLink(name, manifest.digest()), manifest.digest());
      store.delete(Layout.mediaType(name, manifest.digest()));
    } else {
      store.putBytes(Layout.mediaType(name, manifest.digest()), manifest.mediaType().getBytes(StandardCharsets.UTF_8));
    }
  }

  private void removeAsReferrer(RepositoryName name, Digest digest) throws IOException {
    Optional<Digest> subject = get(name, digest)
        .flatMap(manifest -> ManifestDocument.parse(manifest.content()).subject()).map(Descriptor::digest);
    if (subject.isPresent()) {
      referrers.remove(name, subject.get(), digest);
    }
  }

  /** Whether the repository has it; says nothing of whether its bytes are whole. */
  public boolean has(RepositoryName name, Digest digest) throws IOException {
    return has(store, name, digest);
  }

  private static boolean has(ObjectStore in, RepositoryName name, Digest digest) throws IOException {
    return new Links(in).read(Layout.revisionLink(name, digest)).isPresent()
        || mediaTypeFile(in, name, digest).isPresent();
  }

  private static Optional<String> mediaTypeFile(ObjectStore in, RepositoryName name, Digest digest)
      throws IOException {
    return in.get(Layout.mediaType(name, digest)).map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .filter(type -> !type.isBlank());
  }

  /** Something that is no digest may lie among the revisions, and a revision whose link a crash left empty. */
  private boolean isOwned(RepositoryName name, String digest) throws IOException {
    Optional<Digest> revision = Digest.parsed(digest);
    return revision.isPresent() && has(name, revision.get()) && !isCached(name, revision.get());
  }

  private static Optional<String> derivedType(byte[] content) {
    return ManifestDocument.parsed(content).map(ManifestDocument::mediaType);
  }

  private List<String> namesBelow(ObjectKey prefix) throws IOException {
    try (Stream<ObjectStore.Child> children = store.children(prefix, "")) {
      return children.map(ObjectStore.Child::name).toList();
    }
  }
}
