package dev.weir.server.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Whether an upstream failed a moment ago, so that those who have something held need not wait for it again.
 * Thread-safe.
 */
public final class UpstreamHealth {
  private static final Duration HOLD_OFF = Duration.ofSeconds(10);

  private final InstantSource clock;
  private volatile Instant downUntil = Instant.MIN;

  public UpstreamHealth(InstantSource clock) {
    this.clock = clock;
  }

  boolean isDown() {
    return clock.instant().isBefore(downUntil);
  }

  /** It refused, broke, or let somebody wait too long. */
  void failed() {
    downUntil = clock.instant().plus(HOLD_OFF);
  }

  /** It answered, whatever the answer. */
  void answered() {
    downUntil = Instant.MIN;
  }
}
