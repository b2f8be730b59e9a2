package dev.weir.server.ui;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.LongSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Something that takes a while to find out, however many ask: found out anew when it is too old. So is that it could not be
 * found out. Thread-safe.
 */
final class Remembered<T> {
  private final Finder<T> finder;
  private final long lifeNanos;
  private final LongSupplier nanoTime;
  @GuardedBy("this") private @Nullable T last;
  @GuardedBy("this") private @Nullable String failure;
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
    boolean isFresh = nanoTime.getAsLong() - foundAt < lifeNanos;
    if (isFresh && failure != null) {
      throw new IOException(failure);
    }
    T known = last;
    return isFresh && known != null ? known : findAnew();
  }

  @GuardedBy("this")
  private T findAnew() throws IOException {
    last = null;
    failure = null;
    try {
      T fresh = finder.find();
      last = fresh;
      return fresh;
    } catch (IOException | UncheckedIOException e) {
      failure = String.valueOf(e.getMessage());
      throw e;
    } finally {
      foundAt = nanoTime.getAsLong();
    }
  }
}
