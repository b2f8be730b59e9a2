package dev.weir.server.replicas;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.Replicas;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.ObjectStore;

/**
 * The weirs on one store, of which one fetches a blob, and the others follow it through the store. Nobody is waited for who
 * brings nothing, so that the worst is that each fetches for itself. Thread-safe.
 */
public final class SharedFetches implements Replicas, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedFetches.class);
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final ObjectStore store;
  private final BlobStore blobs;
  private final Manner manner;
  private final Set<Thread> tidying = ConcurrentHashMap.newKeySet();

  /**
   * Between the weirs on a store.
   *
   * @param place this one works in, alone; the same after a restart. One word
   * @param process differs from one start to the next. One word
   */
  public SharedFetches(ObjectStore store, BlobStore blobs, String place, String process, Pace pace) {
    this.store = store.itself();
    this.blobs = blobs;
    this.manner = new Manner(new Said.Name(place, process), pace);
  }

  /** How this weir takes part. */
  record Manner(Said.Name who, Pace pace) {}

  /** What may fail without harm. */
  interface Tidying {
    void run() throws IOException;
  }

  Manner manner() {
    return manner;
  }

  @Override
  public Turn turn(Digest digest, Growth growth) {
    return new SharedTurn(digest, Board.of(store, digest), blobs, growth, this);
  }

  /** Does it while nobody waits. */
  void aside(Digest digest, Tidying what) {
    Thread thread = Thread.ofVirtual().name("tidy " + digest).unstarted(() -> {
      try {
        what.run();
      } catch (IOException e) {
        LOG.debug("{}: something of its fetch is left in the store: {}", digest, e.getMessage());
      } finally {
        tidying.remove(Thread.currentThread());
      }
    });
    tidying.add(thread);
    thread.start();
  }

  /** Throws away what weirs left that were killed, if nobody has gone on with it since {@code before}. */
  public void purge(Instant before) throws IOException {
    for (String name : names()) {
      Board board = Board.named(store, name);
      if (board.isUntouchedSince(before)) {
        board.clear();
      }
    }
  }

  private List<String> names() throws IOException {
    return store.list(Board.ALL, "").stream().filter(ObjectStore.Child::isPrefix).map(ObjectStore.Child::name).toList();
  }

  /** Waits for what is being tidied; after the downloads have ended. */
  @Override
  public void close() throws IOException {
    long until = System.nanoTime() + LONGEST_END.toNanos();
    try {
      for (Thread thread : tidying) {
        thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while tidying", e);
    }
  }
}
