package dev.weir.server.keep;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.Shelf;
import dev.weir.server.registry.BlobCare;
import dev.weir.server.space.Holdings;
import dev.weir.storage.BlobStore;
import dev.weir.storage.DamagedBlobs;
import dev.weir.storage.Digest;

/**
 * Finds what is held and is something else than it should be, sets it aside so that nobody is given it, and brings it
 * back from upstream where that has it. Thread-safe.
 */
public final class Damage implements BlobCare {
  private static final Logger LOG = LoggerFactory.getLogger(Damage.class);
  private static final int MOST_CLEARED = 10_000;
  private static final Duration CLEARED_FOR = Duration.ofHours(1);

  private final Rehash rehash;
  private final DamagedBlobs aside;
  private final Claims claims;
  private final Holdings holdings;
  private final Events events;
  /** Where copies of blobs are at hand; then the store itself is far away, and a medium here says nothing of it. */
  private final Optional<Shelf> copies;
  /** Suspected a while ago, and found to be as they should be. */
  private final Cache<Digest, Boolean> cleared = Caffeine.newBuilder().maximumSize(MOST_CLEARED)
      .expireAfterWrite(CLEARED_FOR).build();
  private volatile Refetch refetch = (digest, places) -> {
    throw new IOException("weir has not started yet");
  };
  private final Set<Digest> beingHealed = ConcurrentHashMap.newKeySet();
  private final Set<Digest> lookedAtAgain = ConcurrentHashMap.newKeySet();

  /** What operators want to hear. Must not block or throw. */
  public interface Events {
    void found(Digest digest);

    void healed(Digest digest);
  }

  /** Brings bytes back, into the store, or says why not. */
  @FunctionalInterface
  public interface Refetch {
    /** @param places which name it; in any order */
    void fetch(Digest digest, List<Holdings.Held> places) throws IOException;
  }

  public Damage(BlobStore blobs, DamagedBlobs aside, Claims claims, Holdings holdings, Events events) {
    this(blobs, aside, claims, holdings, events, Optional.empty());
  }

  /** @param copies of blobs, where the store itself is far away */
  public Damage(BlobStore blobs, DamagedBlobs aside, Claims claims, Holdings holdings, Events events,
      Optional<Shelf> copies) {
    this.copies = copies;
    this.rehash = new Rehash(blobs);
    this.aside = aside;
    this.claims = claims;
    this.holdings = holdings;
    this.events = events;
  }

  /** From now on what is damaged can be healed. */
  public void healBy(Refetch means) {
    refetch = means;
  }

  /** Reads a blob, and sees to it that it is served no more if it is damaged, and is healed if it can be. */
  public Verdict check(Digest digest, Pace pace) throws IOException {
    Verdict verdict = rehash.of(digest, pace);
    return verdict instanceof Verdict.Damaged(String reason, boolean _) && setAside(digest, reason)
        ? new Verdict.Damaged(reason, heal(digest))
        : verdict;
  }

  /** A push may have replaced it since it was read: then what was moved is as it should be, and goes back. */
  private boolean setAside(Digest digest, String reason) throws IOException {
    boolean isAside = claims.alone(digest, () -> {
      if (!aside.setAside(digest)) {
        return false;
      }
      if (Rehash.of(digest, aside::open, Pace.unbounded(() -> false)) instanceof Verdict.Intact(long bytes)) {
        aside.putBack(digest, bytes);
        return false;
      }
      return true;
    });
    if (isAside) {
      events.found(digest);
      LOG.error("{} is damaged and set aside: {}", digest, reason);
    }
    return isAside;
  }

  /** As {@link BlobCare}: at the cost of reading all of it once, on the request's thread. */
  @Override
  public boolean isDamaged(Digest digest) throws IOException {
    if (cleared.getIfPresent(digest) != null) {
      return false;
    }
    Verdict verdict = rehash.of(digest, Pace.unbounded(() -> false));
    boolean isAside = verdict instanceof Verdict.Damaged(String reason, boolean _) && setAside(digest, reason);
    if (!isAside) {
      cleared.put(digest, true);
    }
    return isAside;
  }

  @Override
  public boolean isDamaged(Digest digest, IOException failure) throws IOException {
    if (copies.isPresent()) {
      if (Rehash.isOfTheMedium(failure) && dropCopy(digest)) {
        LOG.warn("the copy of {} that was kept at hand is thrown away: {}", digest, failure.getMessage());
      }
      return false;
    }
    return Rehash.isOfTheMedium(failure) && setAside(digest, String.valueOf(failure.getMessage()));
  }

  @Override
  public boolean dropCopy(Digest digest) throws IOException {
    return copies.isPresent() && copies.get().drop(digest);
  }

  @Override
  public void claim(Digest digest) {
    claims.claim(digest);
  }

  @Override
  public void alone(Digest digest, Step step) throws IOException {
    var _ = claims.alone(digest, () -> {
      step.run();
      return true;
    });
  }

  /** Brings back one that was set aside. True: it is here, and as it should be. */
  boolean heal(Digest digest) {
    if (!beingHealed.add(digest)) {
      return false;
    }
    try {
      if (rehash.blobs().size(digest).isEmpty()) {
        refetch.fetch(digest, holdings.imagesThatName(digest));
      }
      aside.forget(digest);
      events.healed(digest);
      LOG.info("{} was damaged, and is here again", digest);
      return true;
    } catch (IOException e) {
      LOG.warn("{} was damaged and cannot be brought back now: {}; it is named by {}", digest, e.getMessage(),
          holdings.imagesThatName(digest).stream().map(held -> held.name() + "@" + held.digest()).toList());
      return false;
    } finally {
      beingHealed.remove(digest);
    }
  }

  /**
   * A disk may give back later what it did not give when it was asked; once in a process, since it is all read. Not where
   * others may do the same at the same time: between them they would lose both.
   */
  private boolean wasSoundAfterAll(Digest digest) throws IOException {
    if (copies.isPresent() || !lookedAtAgain.add(digest)
        || !(Rehash.of(digest, aside::open, Pace.unbounded(() -> false)) instanceof Verdict.Intact(long bytes))) {
      return false;
    }
    aside.putBack(digest, bytes);
    aside.forget(digest);
    LOG.info("{} can be read again, and is served again", digest);
    return true;
  }

  /** Tries again with all that were set aside and are still missing. */
  public void healAll() throws IOException {
    for (Digest digest : aside.all()) {
      if (!wasSoundAfterAll(digest)) {
        heal(digest);
      }
    }
  }

  /** Those that were set aside, and are still missing. */
  public List<Digest> lost() throws IOException {
    List<Digest> all = aside.all();
    return all.stream().filter(digest -> isMissing(digest)).toList();
  }

  private boolean isMissing(Digest digest) {
    try {
      return rehash.blobs().size(digest).isEmpty();
    } catch (IOException e) {
      return true;
    }
  }
}
