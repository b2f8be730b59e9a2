package dev.weir.server.ui;

import java.time.Duration;
import java.util.function.LongSupplier;

/** What one answer may still cost: whoever may push writes manifests that name thousands of others. For one thread. */
final class Effort {
  private static final Duration LONGEST = Duration.ofMillis(1_500);
  private static final int MOST_MANIFESTS = 500;
  private static final long MOST_BYTES = 8 << 20;

  private final LongSupplier nanoTime;
  private final long end;
  private int manifests = MOST_MANIFESTS;
  private long bytes = MOST_BYTES;

  Effort(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.end = nanoTime.getAsLong() + LONGEST.toNanos();
  }

  boolean isLeft() {
    return manifests > 0 && bytes > 0 && nanoTime.getAsLong() - end < 0;
  }

  /** A manifest was read, or looked for. */
  void read(long length) {
    manifests--;
    bytes -= length;
  }
}
