package dev.weir.server.space;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/**
 * Lets images go, whole ones, least recently used first, until there is room: at once for somebody who waits for it, or in
 * the background. Thread-safe; one round at a time, during which the lock is held over the store's small writes. Never to be
 * called with a lock of the store in hand.
 *
 * <p>Tags, marks and revisions go before the bytes, an index before what it names: nothing that can still be asked for
 * lacks its bytes, whenever the process ends.
 */
public final class Evictor {
  private static final Logger LOG = LoggerFactory.getLogger(Evictor.class);

  /** An image that lacks something this long after it was asked for is not being pulled any more. */
  private static final long PULLED_MILLIS = 10_000;

  private final Holdings holdings;
  private final Readers readers;
  private final SpaceEvents events;
  private final InstantSource clock;
  private final ReentrantLock round = new ReentrantLock();
  private final Semaphore wanted = new Semaphore(0);
  private volatile Optional<Means> means = Optional.empty();

  public Evictor(Holdings holdings, Readers readers, SpaceEvents events, InstantSource clock) {
    this.holdings = holdings;
    this.readers = readers;
    this.events = events;
    this.clock = clock;
  }

  /**
   * What it works with; given later, since the store that it works on asks for room itself.
   *
   * @param isComing whether a blob is on its way here
   */
  record Means(Content content, BlobRemoval removal, Predicate<Digest> isComing) {}

  void begin(Means with) {
    means = Optional.of(with);
  }

  /** Has a round begun in the background. */
  void wake() {
    if (wanted.availablePermits() == 0) {
      wanted.release();
    }
  }

  /** Waits until somebody wants a round. */
  void awaitWanted() throws InterruptedException {
    wanted.acquire();
    wanted.drainPermits();
  }

  /** Lets images go until it is enough, or none may go. Even those that were asked for a moment ago, but for those in use. */
  void makeRoom(BooleanSupplier enough) {
    round(enough, eviction -> isInUse(eviction) || isBeingPulled(eviction), "for what comes in");
  }

  /** The same without haste: those that were asked for a moment ago stay. */
  void tidy(BooleanSupplier enough) {
    round(enough, eviction -> isInUse(eviction) || isRecent(eviction), "down to the low mark");
  }

  private void round(BooleanSupplier enough, Predicate<Eviction> spared, String why) {
    if (means.isEmpty() || !holdings.isWhole()) {
      return;
    }
    round.lock();
    try {
      Set<Digest> failed = new HashSet<>();
      Tally tally = new Tally();
      while (!enough.getAsBoolean()) {
        Optional<Eviction> next = holdings.oldest(each -> failed.contains(each.root()) || spared.test(each));
        if (next.isEmpty()) {
          break;
        }
        failed.add(next.get().root()); // should it be there again, it does not want to go
        evict(next.get(), means.get(), tally);
      }
      tally.log(why);
    } finally {
      round.unlock();
    }
  }

  /** What one round did. */
  private static final class Tally {
    private int images;
    private long bytes;
    private long oldest = Long.MAX_VALUE;
    private long youngest;

    void add(Eviction eviction, long freed) {
      images++;
      bytes += freed;
      oldest = Math.min(oldest, eviction.usedAt());
      youngest = Math.max(youngest, eviction.usedAt());
    }

    void log(String why) {
      if (images > 0) {
        LOG.info("{} cached images went {}, {} bytes; last asked for from {} to {}", images, why, bytes,
            Instant.ofEpochMilli(oldest), Instant.ofEpochMilli(youngest));
      }
    }
  }

  private void evict(Eviction eviction, Means with, Tally tally) {
    try {
      long freed = carryOut(eviction, with);
      tally.add(eviction, freed);
      events.evicted(freed);
      events.gone(departure(eviction, freed));
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("{} could not go as a whole: {}", eviction.root(), e.getMessage());
    }
  }

  private Departure departure(Eviction eviction, long freed) {
    List<RepositoryName> repositories = eviction.manifests().getFirst().repositories();
    return new Departure(clock.instant(), eviction.root(), repositories, Instant.ofEpochMilli(eviction.usedAt()),
        freed);
  }

  private long carryOut(Eviction eviction, Means with) throws IOException {
    for (Eviction.Victim victim : eviction.manifests()) {
      boolean _ = with.removal().alone(victim.digest(), () -> evict(victim, with.content()));
    }
    long freed = 0;
    for (Digest blob : eviction.blobs()) {
      long size = holdings.size(blob).orElse(0);
      freed += with.removal().remove(blob) ? size : 0;
    }
    for (Eviction.Link link : eviction.links()) {
      with.removal().unlink(link.name(), link.digest());
    }
    return freed;
  }

  private boolean evict(Eviction.Victim victim, Content content) throws IOException {
    boolean mayGo = holdings.mayGo(victim.digest());
    for (RepositoryName name : mayGo ? victim.repositories() : List.<RepositoryName>of()) {
      evict(name, victim.digest(), content);
    }
    return mayGo;
  }

  /** What turns out to be wanted stays, and the index hears of it. */
  private void evict(RepositoryName name, Digest digest, Content content) throws IOException {
    Keeping keeping = content.manifests().keeping(name, digest);
    if (keeping == Keeping.CACHED) {
      content.tags().evict(name, digest);
      boolean _ = content.manifests().evict(name, digest);
    } else if (content.manifests().has(name, digest)) {
      holdings.keepingChanged(name, digest, keeping);
    } else {
      holdings.manifestRemoved(name, digest);
    }
  }

  private boolean isInUse(Eviction eviction) {
    Predicate<Digest> isComing = means.map(Means::isComing).orElse(digest -> false);
    return eviction.blobs().stream().anyMatch(blob -> readers.isRead(blob) || isComing.test(blob));
  }

  private boolean isBeingPulled(Eviction eviction) {
    return !eviction.isWhole() && isRecent(eviction);
  }

  private boolean isRecent(Eviction eviction) {
    return eviction.usedAt() > clock.millis() - PULLED_MILLIS;
  }
}
