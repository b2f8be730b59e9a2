package dev.weir.server.cache;

import java.time.Duration;
import java.util.concurrent.Semaphore;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;

import dev.weir.storage.Digest;

/**
 * Which blobs of a store far away are passed on to whoever asks, and not brought here: those that nobody asked for lately,
 * as long as there are not too many of them on their way. In memory and bounded: what is forgotten is passed on once more.
 * Thread-safe.
 */
final class FirstAsked {
  static final Duration LATELY = Duration.ofHours(1);
  /** Each holds a connection to the store, and some pieces in memory, as long as its client takes. */
  static final int MOST_AT_ONCE = 32;
  private static final int MOST_REMEMBERED = 100_000;

  private final Cache<Digest, Boolean> lately;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);

  FirstAsked(Ticker ticker) {
    this.lately = Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterWrite(LATELY).ticker(ticker).build();
  }

  /** Whether the blob may be passed on now; whoever is told so calls {@link #end} once. Nobody is told so again for a while. */
  boolean begin(Digest digest) {
    if (lately.getIfPresent(digest) != null || !room.tryAcquire()) {
      return false;
    }
    if (lately.asMap().putIfAbsent(digest, true) != null) {
      room.release();
      return false;
    }
    return true;
  }

  /** One that was passed on has come to its end. */
  void end() {
    room.release();
  }
}
