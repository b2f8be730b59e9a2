package dev.weir.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Stands still until it is moved. */
final class TestClock implements InstantSource {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));

  @Override
  public Instant instant() {
    return now.get();
  }

  long nanos() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, instant());
  }

  void advance(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }
}
