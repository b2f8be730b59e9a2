package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.StoredObject;

/**
 * The fetches that run now, at most one a digest, over all repositories. Thread-safe.
 *
 * <p>Who may have a blob is decided before: whoever comes here gets it.
 */
public final class Downloads implements AutoCloseable {
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private static final int MOST_DAMAGED = 10_000;
  private static final Duration DAMAGE_REMEMBERED = Duration.ofDays(1);

  private final DownloadPlace place;
  private final RandomGenerator random;
  private final ConcurrentMap<Digest, Download> running = new ConcurrentHashMap<>();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  /** Digests of which damaged bytes were given out; see {@link BlobBody#isWholeOnly}. */
  private final Cache<Digest, Boolean> damaged = Caffeine.newBuilder().maximumSize(MOST_DAMAGED)
      .expireAfterWrite(DAMAGE_REMEMBERED).build();
  private final CountDownLatch closing = new CountDownLatch(1);

  /** @param partials where growing files lie, on the store's file system */
  public Downloads(BlobStore blobs, Path partials, DownloadEvents events, RandomGenerator random) {
    this.place = new DownloadPlace(blobs, partials, events);
    this.random = random;
  }

  /**
   * The blob: from the store if it is there, else from the fetch that runs, else from a new one out of {@code source}.
   *
   * <p>What another source said of the digest says nothing of this one: if a fetch that somebody else began fails, and
   * its source was not this one, this one is asked.
   *
   * @param source by {@code equals} the same as another that would give the same answers
   * @param patience how long to wait for the size
   * @throws dev.weir.server.oci.RegistryException the source's final answer, or 504 when patience ends; the fetch goes on
   */
  public BlobBody join(Digest digest, Source source, Duration patience) throws IOException {
    Deadline deadline = Deadline.in(patience);
    while (true) {
      Optional<StoredObject> stored = place.blobs().open(digest);
      if (stored.isPresent()) {
        return stored(digest, stored.get());
      }
      Download download = runningOrNew(digest, source);
      try {
        Optional<BlobBody> reader = download.openReader(deadline.left());
        if (reader.isPresent()) {
          return guarded(digest, reader.get());
        }
      } catch (IOException e) {
        if (download.isFrom(source) || deadline.isOver()) {
          throw e;
        }
      }
    }
  }

  /** A blob that is in the store, as it may be given out. */
  public BlobBody stored(Digest digest, StoredObject object) {
    return guarded(digest, new StoredBody(object));
  }

  private BlobBody guarded(Digest digest, BlobBody body) {
    return damaged.getIfPresent(digest) == null ? body : body.wholeOnly();
  }

  /** One that failed before we came is no longer to be joined: its failure is told to those who waited for it. */
  private Download runningOrNew(Digest digest, Source source) throws IOException {
    Download fresh = new Download(digest, source, place, new Breaks("pull " + digest, random, closing));
    Download before = running.putIfAbsent(digest, fresh);
    while (before != null && before.hasFailed()) {
      before = running.putIfAbsent(digest, fresh);
    }
    if (before != null) {
      return before;
    }
    Thread thread = Thread.ofVirtual().name("download " + digest).unstarted(() -> run(digest, fresh));
    threads.add(thread);
    thread.start();
    return fresh;
  }

  private void run(Digest digest, Download download) {
    try {
      download.run();
    } finally {
      if (download.wasDamaged()) {
        damaged.put(digest, true);
      }
      running.remove(digest, download);
      download.end();
      threads.remove(Thread.currentThread());
    }
  }

  /** Throws away partial downloads that nobody has gone on with since {@code before}. */
  public void purge(Instant before) throws IOException {
    place.purge(before, partial -> running.keySet().stream().map(place::partial).anyMatch(partial::equals));
  }

  /**
   * Lets no broken fetch go on, and waits for those that run to end: each commits what is whole, or leaves its bytes to
   * the next start. What they fetch from is closed before.
   */
  @Override
  public void close() throws IOException {
    closing.countDown();
    Deadline deadline = Deadline.in(LONGEST_END);
    try {
      for (Thread thread : threads) {
        thread.join(deadline.left());
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for downloads to end", e);
    }
  }
}
