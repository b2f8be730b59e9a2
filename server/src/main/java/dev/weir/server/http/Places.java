package dev.weir.server.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * How many requests are at work at once. A request has its place until it is over, and for {@link #HELD} at most: one
 * that takes longer waits for its client's network or for an upstream, which costs a sleeping virtual thread and nothing
 * that others could use. Thread-safe.
 */
final class Places {
  /** Nothing that weir does by itself takes so long. */
  static final Duration HELD = Duration.ofSeconds(1);

  private final int most;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  /** In the order in which they were taken; those given back early are among them. */
  @GuardedBy("lock") private final Queue<Place> taken = new ArrayDeque<>();
  @GuardedBy("lock") private int held;

  /** Where any number may be at work. */
  static final Supplier<Optional<Runnable>> UNLIMITED = () -> Optional.of(() -> {});

  /** One request's. Its fields belong to the lock. */
  private static final class Place {
    private final long sinceNanos;
    private boolean free;

    private Place(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }
  }

  Places(int most, LongSupplier nanoTime) {
    this.most = most;
    this.nanoTime = nanoTime;
  }

  /** A place, and what gives it back; empty if all are held. */
  Optional<Runnable> take() {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      forgetOld(now);
      if (held >= most) {
        return Optional.empty();
      }
      Place place = new Place(now);
      taken.add(place);
      held++;
      return Optional.of(() -> giveBack(place));
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(Place place) {
    lock.lock();
    try {
      free(place);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void forgetOld(long now) {
    for (Place oldest = taken.peek(); oldest != null; oldest = taken.peek()) {
      if (!oldest.free && now - oldest.sinceNanos < HELD.toNanos()) {
        return;
      }
      free(oldest);
      taken.remove();
    }
  }

  @GuardedBy("lock")
  private void free(Place place) {
    if (!place.free) {
      place.free = true;
      held--;
    }
  }
}
