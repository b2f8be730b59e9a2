package dev.weir.server.space;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.weir.storage.ContentListener;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/**
 * What is held, in memory: which blobs, which images name them, who keeps those, and when they were last asked for. A
 * hint: the tree is the truth, a {@link HoldingsWalk} after the start and now and then brings what it says, and every
 * change through {@link dev.weir.storage.Content} is told at once. Thread-safe; nothing here waits for a disk.
 */
public final class Holdings implements ContentListener {
  /** So many of them are looked at before the lock is let go for a moment. */
  static final int AT_ONCE = 1_000;

  private final InstantSource clock;
  private final Runnable betweenSteps;
  @GuardedBy("this") private final Index index = new Index();
  /** The walk that goes on, or the last; so what came while it went counts as seen. */
  @GuardedBy("this") private byte walk;
  @GuardedBy("this") private boolean isWhole;
  /** In milliseconds, each use later than the one before. */
  @GuardedBy("this") private long lastUse;
  /** What an earlier process knew, until the first walk is over. */
  @GuardedBy("this") private Uses remembered = Uses.NONE;

  public Holdings(InstantSource clock) {
    this(clock, () -> {
    });
  }

  /** @param betweenSteps is run, without the lock, after each step of a look at all images */
  Holdings(InstantSource clock, Runnable betweenSteps) {
    this.clock = clock;
    this.betweenSteps = betweenSteps;
  }

  /** An image in a repository. */
  public record Held(RepositoryName name, Digest digest, Keeping keeping) {}

  /** Whether all that is held was seen. As long as it was not, something that is not known here may still be there. */
  public synchronized boolean isWhole() {
    return isWhole;
  }

  /** Whether it is a manifest that some repository has, or a manifest that is held names it. */
  public synchronized boolean isNamed(Digest blob) {
    int id = index.blobs.find(blob);
    return id != DigestTable.NONE && index.isNamed(id);
  }

  /** The images that name it, or are it. Looks at all, in steps: not for a request's path. */
  public List<Held> imagesThatName(Digest blob) {
    return imagesThatName(Set.of(blob)).getOrDefault(blob, List.of());
  }

  /** The same of several at one look; those of which nothing is known are left out. */
  public Map<Digest, List<Held>> imagesThatName(Set<Digest> wanted) {
    Map<Digest, List<Held>> found = new HashMap<>();
    inSteps((all, from, to) -> all.imagesThatName(wanted, from, to,
        (blob, held) -> found.computeIfAbsent(blob, each -> new ArrayList<>()).addAll(held)));
    return found;
  }

  /** Some numbers of images, under the lock. */
  @FunctionalInterface
  private interface Step {
    void look(Index index, int from, int to);
  }

  /**
   * From the first image to the last, those too that come meanwhile, a few at a time, so that nobody waits for the lock longer
   * than a few take. What changes meanwhile is seen or not.
   */
  private void inSteps(Step step) {
    for (int from = 0; from < end(); from += AT_ONCE) {
      synchronized (this) {
        step.look(index, from, Math.min(from + AT_ONCE, index.blobs.end()));
      }
      betweenSteps.run();
    }
  }

  private synchronized int end() {
    return index.blobs.end();
  }

  /** In bytes; empty: it is not here. */
  public synchronized OptionalLong size(Digest blob) {
    int id = index.blobs.find(blob);
    return id == DigestTable.NONE || !index.blobs.isHere(id)
        ? OptionalLong.empty()
        : OptionalLong.of(index.blobs.size(id));
  }

  /** The blobs that are here and that nothing names. */
  public synchronized List<Digest> nameless() {
    return index.nameless();
  }

  /**
   * All that is held.
   *
   * @param bytes of the blobs, manifests among them
   * @param diskBytes what they take of the disk, without their directories
   */
  public record Totals(int blobs, int images, int repositories, long bytes, long diskBytes) {}

  public synchronized Totals totals() {
    return new Totals(index.blobs.count(), (int) index.images.held().count(), index.repositories(), index.blobs.bytes(),
        index.blobs.diskBytes());
  }

  /** What may go for want of room, in bytes of the disk, but for {@code spared}. Looks at all: not for a request's path. */
  synchronized long evictableBytes(Set<Digest> spared) {
    return index.evictableBytes(spared);
  }

  /** As in {@link #totals}, at once. */
  synchronized long diskBytes() {
    return index.blobs.diskBytes();
  }

  /** What each repository holds, in no order. Looks at all, in steps. */
  public List<Share> shares() {
    Shares shares = new Shares();
    inSteps((all, from, to) -> all.images.forEachHeld(from, to, shares::add));
    inSteps((all, from, to) -> shares.addSizes(all.blobs, from, to));
    return shares.of(names());
  }

  private synchronized List<RepositoryName> names() {
    return index.names();
  }

  /** An image, how its repository keeps it, and when it was last asked for: in milliseconds since 1970. */
  public record Used(Digest digest, Keeping keeping, long usedAt) {}

  /** The images of a repository, in no order. Looks at all, in steps. */
  public List<Used> imagesIn(RepositoryName name) {
    List<Used> found = new ArrayList<>();
    inSteps((all, from, to) -> found.addAll(all.imagesIn(name, from, to)));
    return found;
  }

  /** The manifest was asked for. */
  public synchronized void used(Digest manifest) {
    Image image = index.images.find(manifest);
    if (image != null) {
      index.images.used(image, now());
    }
  }

  /** When each image that is held was asked for last. */
  synchronized Uses uses() {
    return new Uses(index.uses(), now());
  }

  /** Before the first walk: what an earlier process knew. */
  synchronized void remember(Uses uses) {
    remembered = uses;
  }

  /** The least recently used image that may go: nobody wants it, no other names it, and it is not {@code spared}. */
  synchronized Optional<Eviction> oldest(Predicate<Eviction> spared) {
    return index.oldest(spared);
  }

  /** Whether nobody wants the manifest, and no other that is held names it. */
  synchronized boolean mayGo(Digest manifest) {
    Image image = index.images.find(manifest);
    return image != null && image.isHeld() && image.keepers == 0 && image.parents.length == 0;
  }

  @Override
  public synchronized void blobStored(Digest digest, long bytes) {
    index.blobs.here(index.blobs.add(digest), bytes, walk);
  }

  @Override
  public synchronized void blobRemoved(Digest digest) {
    int id = index.blobs.find(digest);
    if (id != DigestTable.NONE) {
      index.blobs.gone(id);
      index.images.drop(id);
    }
  }

  @Override
  public synchronized void manifestKept(RepositoryName name, Digest digest, Keeping keeping,
      ManifestDocument document) {
    Image image = index.images.add(digest);
    index.images.put(image, index.number(name), keeping, walk);
    index.images.read(image, document);
    index.images.used(image, now());
  }

  @Override
  public synchronized void keepingChanged(RepositoryName name, Digest digest, Keeping keeping) {
    Image image = index.images.find(digest);
    int number = index.number(name);
    if (image != null && image.isAt(number)) {
      index.images.put(image, number, keeping, walk);
    }
  }

  @Override
  public synchronized void manifestRemoved(RepositoryName name, Digest digest) {
    Image image = index.images.find(digest);
    if (image != null && image.isAt(index.number(name))) {
      index.images.take(image, index.number(name));
    }
  }

  synchronized void walkBegins() {
    walk++;
  }

  /** Whether it is known what the manifest says. */
  synchronized boolean isRead(Digest manifest) {
    Image image = index.images.find(manifest);
    return image != null && image.isRead;
  }

  synchronized void saw(Digest blob, long bytes) {
    index.blobs.here(index.blobs.add(blob), bytes, walk);
  }

  /** @param document empty: known already, or it cannot be read */
  synchronized void saw(RepositoryName name, Digest manifest, Keeping keeping, Optional<ManifestDocument> document) {
    Image image = index.images.add(manifest);
    boolean isNew = !image.isHeld();
    index.images.put(image, index.number(name), keeping, walk);
    document.ifPresent(read -> index.images.read(image, read));
    if (isNew) {
      index.images.used(image, remembered.of(manifest));
    }
  }

  /** What is known and was not seen: to be looked at once more. */
  record Unseen(List<Digest> blobs, List<Held> manifests) {}

  synchronized Unseen unseen() {
    return index.unseen(walk);
  }

  synchronized void walkEnded() {
    isWhole = true;
    remembered = Uses.NONE;
  }

  @GuardedBy("this")
  private long now() {
    lastUse = Math.max(clock.millis(), lastUse + 1);
    return lastUse;
  }
}
