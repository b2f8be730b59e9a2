package dev.weir.server.keep;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Keeps reading below a rate, so that others get at the disk too. For one thread. */
public final class Pace {
  private static final long LONGEST_PAUSE_NANOS = 200_000_000;
  private static final long NANOS = 1_000_000_000;

  private final long bytesPerSecond;
  private final BooleanSupplier stopping;
  private long owedNanos;
  private long last = System.nanoTime();

  private Pace(long bytesPerSecond, BooleanSupplier stopping) {
    this.bytesPerSecond = bytesPerSecond;
    this.stopping = stopping;
  }

  /** As fast as it goes. */
  public static Pace unbounded(BooleanSupplier stopping) {
    return new Pace(Long.MAX_VALUE, stopping);
  }

  /** @param stopping no pause is made any more */
  public static Pace of(long bytesPerSecond, BooleanSupplier stopping) {
    return new Pace(bytesPerSecond, stopping);
  }

  /** So many bytes were read; pauses as long as that is worth. Time that passed unused is not saved up. */
  void read(long bytes) {
    long now = System.nanoTime();
    owedNanos = Math.max(0, owedNanos - (now - last)) + (long) ((double) bytes / bytesPerSecond * NANOS);
    last = now;
    while (owedNanos > LONGEST_PAUSE_NANOS / 10 && !stopping.getAsBoolean()) {
      LockSupport.parkNanos(Math.min(owedNanos, LONGEST_PAUSE_NANOS));
      long woken = System.nanoTime();
      owedNanos = Math.max(0, owedNanos - (woken - last));
      last = woken;
    }
  }

  boolean isStopping() {
    return stopping.getAsBoolean();
  }
}
