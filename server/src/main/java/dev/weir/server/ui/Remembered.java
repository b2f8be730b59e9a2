package dev.weir.server.ui;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/** Something that takes a while to find out, however many ask: found out anew when it is too old. Thread-safe. */
final class Remembered<T> {
  private final Finder<T> finder;
  private final long lifeNanos;
  private final LongSupplier nanoTime;
  @GuardedBy("this") private @Nullable T last;
  @GuardedBy("this") private long foundAt;

  /** Finds it out. */
  @FunctionalInterface
  interface Finder<T> {
    T find() throws IOException;
  }

  Remembered(Finder<T> finder, Duration life, LongSupplier nanoTime) {
    this.finder = finder;
    this.lifeNanos = life.toNanos();
    this.nanoTime = nanoTime;
  }

  synchronized T get() throws IOException {
    T known = last;
    if (known != null && nanoTime.getAsLong() - foundAt < lifeNanos) {
      return known;
    }
    T fresh = finder.find();
    last = fresh;
    foundAt = nanoTime.getAsLong();
    return fresh;
  }
}
