package dev.weir.auth;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * So many at once, then one each interval, for each key by itself. Remembers the keys used most, and no more of them
 * than a bound. Thread-safe; never blocks.
 */
final class Allowance {
  static final int MOST_KEYS = 20_000;

  private final int burst;
  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private final Cache<String, Level> levels = Caffeine.newBuilder().maximumSize(MOST_KEYS).build();

  /** @param left may be a part of one, at {@code nanos} */
  private record Level(double left, long nanos) {}

  Allowance(int burst, Duration interval, LongSupplier nanoTime) {
    this.burst = burst;
    this.intervalNanos = interval.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Takes one: zero; or none, and says how long until there is one. */
  Duration take(String key) {
    AtomicReference<Duration> wait = new AtomicReference<>(Duration.ZERO);
    change(key, level -> {
      if (level.left() >= 1) {
        wait.set(Duration.ZERO);
        return new Level(level.left() - 1, level.nanos());
      }
      wait.set(Duration.ofNanos((long) Math.ceil((1 - level.left()) * intervalNanos)));
      return level;
    });
    return Objects.requireNonNull(wait.get());
  }

  /** As if one had not been taken. */
  void giveBack(String key) {
    change(key, level -> new Level(Math.min(burst, level.left() + 1), level.nanos()));
  }

  /** How many keys there is something to remember of. */
  long remembered() {
    levels.cleanUp();
    return levels.estimatedSize();
  }

  @FunctionalInterface
  private interface Change {
    Level of(Level level);
  }

  private void change(String key, Change change) {
    long now = nanoTime.getAsLong();
    levels.asMap().compute(key, (same, before) -> {
      Level level = before == null ? new Level(burst, now) : filled(before, now);
      return change.of(level);
    });
  }

  private Level filled(Level before, long now) {
    long passed = Math.max(0, now - before.nanos());
    return new Level(Math.min(burst, before.left() + (double) passed / intervalNanos), Math.max(now, before.nanos()));
  }
}
