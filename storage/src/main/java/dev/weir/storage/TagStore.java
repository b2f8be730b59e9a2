package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

/**
 * Tags and what they point to. Of two that set one tag at once, one wins whole; a push always wins over upstream.
 *
 * <p>A tag is there as long as its {@code current/link} is, so that is written before its {@code index} and deleted
 * after it: a crash never leaves a name in the list that leads nowhere.
 *
 * <p>Thread-safe. There is one over a store: its locks keep a push and a pull of the same tag apart.
 */
public final class TagStore {
  private final ObjectStore store;
  private final Links links;
  private final Changes changes;
  private final NameLocks locks = new NameLocks();

  /** @param changes told of each tag that moves or goes */
  public TagStore(ObjectStore store, Changes changes) {
    this.store = store;
    this.changes = changes;
    this.links = new Links(store);
  }

  /** What the tag points to; the manifest itself may be absent. */
  public Optional<Digest> resolve(RepositoryName name, Tag tag) throws IOException {
    return links.read(Layout.tagLink(name, tag));
  }

  /**
   * As {@link #setOwned}, unless somebody pushed another manifest by the tag that the repository has: then it stays.
   *
   * @return that manifest; empty: the tag is set
   */
  public Optional<Digest> setOwnedUnlessPushed(RepositoryName name, Tag tag, Digest digest) throws IOException {
    Lock lock = locks.of(Layout.tagLink(name, tag));
    lock.lock();
    try {
      Optional<Digest> other = links.readForWriting(Layout.tagLink(name, tag)).filter(now -> !now.equals(digest));
      if (other.isPresent() && !isCachedNow(name, tag, other.get()) && hasRevision(name, other.get())) {
        return other;
      }
      setOwned(name, tag, digest);
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Points the tag at a manifest that a person pushed: from now on it wins over upstream. */
  public void setOwned(RepositoryName name, Tag tag, Digest digest) throws IOException {
    Lock lock = locks.of(Layout.tagLink(name, tag));
    lock.lock();
    try {
      store.delete(Layout.cachedTagMark(name, digest, tag));
      set(name, tag, digest);
      links.write(Layout.tagLink(name, tag), digest); // another process may have come in between, before the index was there
    } finally {
      lock.unlock();
    }
  }

  /**
   * Points the tag at what upstream says, unless it is a pushed one whose manifest the repository has: then it stays,
   * and the answer is false. The mark goes first, so that a crash never leaves a cached tag as owned. A push by another
   * process that came in between is found in the index, or finds this when it looks again.
   */
  public boolean setCached(RepositoryName name, Tag tag, Digest digest) throws IOException {
    Lock lock = locks.of(Layout.tagLink(name, tag));
    lock.lock();
    try {
      if (isCachedAlready(name, tag, digest)) {
        links.write(Layout.tagIndexLink(name, tag, digest), digest);
        return true;
      }
      Set<Digest> before = unmarked(name, tag, everPointedTo(name, tag));
      Optional<Digest> current = links.readForWriting(Layout.tagLink(name, tag));
      if (current.isPresent() && !isCachedNow(name, tag, current.get()) && hasRevision(name, current.get())) {
        return false;
      }
      store.putBytes(Layout.cachedTagMark(name, digest, tag), tag.value().getBytes(StandardCharsets.US_ASCII));
      set(name, tag, digest);
      return !giveBack(name, tag, before);
    } finally {
      lock.unlock();
    }
  }

  private boolean isCachedAlready(RepositoryName name, Tag tag, Digest digest) throws IOException {
    return links.readForWriting(Layout.tagLink(name, tag)).equals(Optional.of(digest))
        && isCachedNow(name, tag, digest);
  }

  private boolean isCachedNow(RepositoryName name, Tag tag, Digest digest) throws IOException {
    return store.itself().size(Layout.cachedTagMark(name, digest, tag)).isPresent();
  }

  /**
   * Points the tag at what was pushed since, if anything was.
   *
   * @param before what was {@link #unmarked}
   */
  private boolean giveBack(RepositoryName name, Tag tag, Set<Digest> before) throws IOException {
    for (Digest each : unmarked(name, tag, everPointedTo(name, tag))) {
      if (!before.contains(each) && isIndexed(name, tag, each) && hasRevision(name, each)) {
        set(name, tag, each);
        return true;
      }
    }
    return false;
  }

  /** Asked after its mark: who evicts takes the mark after this. */
  private boolean isIndexed(RepositoryName name, Tag tag, Digest digest) throws IOException {
    return links.readForWriting(Layout.tagIndexLink(name, tag, digest)).isPresent();
  }

  /** Those to which upstream did not set the tag: a push takes the mark of what the tag is pushed back to. */
  private Set<Digest> unmarked(RepositoryName name, Tag tag, Set<Digest> all) throws IOException {
    Set<Digest> found = new HashSet<>();
    for (Digest each : all) {
      if (!isCachedNow(name, tag, each)) {
        found.add(each);
      }
    }
    return found;
  }

  private Set<Digest> everPointedTo(RepositoryName name, Tag tag) throws IOException {
    Set<Digest> all = new HashSet<>();
    for (ObjectKey algorithm : below(Layout.tagIndex(name, tag))) {
      for (ObjectKey entry : below(algorithm)) {
        links.readForWriting(entry.resolve("link")).ifPresent(all::add);
      }
    }
    return all;
  }

  /** Marks a tag that another registry set to {@code digest} from upstream as that. */
  public void adopt(RepositoryName name, Tag tag, Digest digest) throws IOException {
    store.putBytes(Layout.cachedTagMark(name, digest, tag), tag.value().getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether the tag, pointing to {@code digest}, was set from upstream rather than pushed. */
  public boolean isCached(RepositoryName name, Tag tag, Digest digest) throws IOException {
    return store.size(Layout.cachedTagMark(name, digest, tag)).isPresent();
  }

  /** Takes the tag away, whoever set it; its manifest stays. False: it was not there. */
  public boolean delete(RepositoryName name, Tag tag) throws IOException {
    Lock lock = locks.of(Layout.tagLink(name, tag));
    lock.lock();
    try {
      return remove(name, tag, resolve(name, tag));
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #delete}, but only if the tag points to {@code digest}: one that was moved meanwhile stays. */
  public boolean deleteIfAt(RepositoryName name, Tag tag, Digest digest) throws IOException {
    Lock lock = locks.of(Layout.tagLink(name, tag));
    lock.lock();
    try {
      Optional<Digest> current = links.readForWriting(Layout.tagLink(name, tag));
      return current.equals(Optional.of(digest)) && remove(name, tag, current);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes away the tags that upstream set to {@code digest} and that still point to it; those that a person set stay, and
   * those that were moved meanwhile.
   */
  public void evict(RepositoryName name, Digest digest) throws IOException {
    for (ObjectKey mark : below(Layout.cachedTagMarks(name, digest))) {
      Optional<Tag> tag = Tag.parsed(mark.value().substring(mark.value().lastIndexOf('/') + 1));
      if (tag.isPresent()) {
        evict(name, tag.get(), digest);
      }
    }
  }

  /** A push by another process that came in between is found in the index, or finds this when it looks again. */
  private void evict(RepositoryName name, Tag tag, Digest digest) throws IOException {
    Lock lock = locks.of(Layout.tagLink(name, tag));
    lock.lock();
    try {
      Set<Digest> ever = everPointedTo(name, tag);
      Set<Digest> before = unmarked(name, tag, ever);
      Optional<Digest> current = links.readForWriting(Layout.tagLink(name, tag));
      if (!isCachedNow(name, tag, digest)) {
        return;
      }
      store.delete(Layout.tagIndexLink(name, tag, digest));
      boolean isAt = current.equals(Optional.of(digest));
      boolean _ = isAt && deleteLink(name, tag);
      store.delete(Layout.cachedTagMark(name, digest, tag));
      if (isAt && !giveBack(name, tag, before)) {
        forget(name, tag, ever);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What else a tag that is no more pointed to, so that it is not listed. */
  private void forget(RepositoryName name, Tag tag, Set<Digest> ever) throws IOException {
    for (Digest each : ever) {
      store.delete(Layout.tagIndexLink(name, tag, each));
    }
  }

  private boolean remove(RepositoryName name, Tag tag, Optional<Digest> current) throws IOException {
    for (ObjectKey algorithm : below(Layout.tagIndex(name, tag))) {
      for (ObjectKey entry : below(algorithm)) {
        store.delete(entry.resolve("link"));
      }
    }
    boolean wasThere = deleteLink(name, tag);
    if (current.isPresent()) {
      store.delete(Layout.cachedTagMark(name, current.get(), tag));
    }
    return wasThere;
  }

  private boolean deleteLink(RepositoryName name, Tag tag) throws IOException {
    try {
      return store.delete(Layout.tagLink(name, tag));
    } finally {
      changes.happened();
    }
  }

  /**
   * The repository's tags in byte order, those after {@code after}; the caller closes the stream. One that another
   * program left half deleted may be among them and resolve to nothing.
   */
  public Stream<Tag> list(RepositoryName name, String after) throws IOException {
    return store.children(Layout.tags(name), after).filter(ObjectStore.Child::isPrefix)
        .flatMap(child -> Tag.parsed(child.name()).stream()); // another program's temporary file may lie there
  }

  /** Whether anything was ever stored under the name. */
  public boolean isRepository(RepositoryName name) throws IOException {
    try (Stream<ObjectStore.Child> children = store.children(Layout.repository(name), "_")) {
      return children.takeWhile(child -> child.name().startsWith("_"))
          .anyMatch(child -> child.name().equals("_layers") || child.name().equals("_manifests"));
    }
  }

  private void set(RepositoryName name, Tag tag, Digest digest) throws IOException {
    try {
      links.write(Layout.tagLink(name, tag), digest);
    } finally {
      changes.happened();
    }
    links.write(Layout.tagIndexLink(name, tag, digest), digest);
  }

  private boolean hasRevision(RepositoryName name, Digest digest) throws IOException {
    return store.itself().size(Layout.revisionLink(name, digest)).isPresent()
        || store.itself().size(Layout.mediaType(name, digest)).isPresent();
  }

  private List<ObjectKey> below(ObjectKey prefix) throws IOException {
    try (Stream<ObjectStore.Child> children = store.children(prefix, "")) {
      return children.map(child -> prefix.resolve(child.name())).toList();
    }
  }
}
