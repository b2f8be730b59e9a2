package dev.weir.server.wiring;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time as it was at the start, and what has passed since: nobody sets this clock. A node without a battery begins in
 * the past and is told the time later; what somebody was promised for an hour is not over by that. Thread-safe.
 */
final class SteadyClock implements InstantSource {
  private final Instant start;
  private final LongSupplier nanos;
  private final long startNanos;

  SteadyClock(InstantSource clock, LongSupplier nanos) {
    this.start = clock.instant();
    this.nanos = nanos;
    this.startNanos = nanos.getAsLong();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos.getAsLong() - startNanos);
  }
}
