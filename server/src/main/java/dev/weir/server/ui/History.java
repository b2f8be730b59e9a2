package dev.weir.server.ui;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * What clients got over the last hour and the last week, in memory. {@link #sample} is called now and then, about as often
 * as {@link #STEP} says. Thread-safe.
 */
public final class History {
  /** Between two samples of the last hour. */
  public static final Duration STEP = Duration.ofSeconds(10);
  private static final int HOUR = 360;
  private static final Duration LONG_STEP = Duration.ofMinutes(10);
  private static final int WEEK = 1008;

  private final Supplier<Counts> counters;
  private final InstantSource clock;
  @GuardedBy("this") private final Ring hour = new Ring(HOUR);
  @GuardedBy("this") private final Ring week = new Ring(WEEK);
  @GuardedBy("this") private Counts atLastSample;
  @GuardedBy("this") private Counts atLastLongSample;
  @GuardedBy("this") private long lastLongSample;

  /**
   * What was counted since the start, or between two moments.
   *
   * @param hits answered from what is held
   * @param misses for which upstream was asked
   * @param pulled bytes from upstream
   * @param sent bytes to clients
   */
  public record Counts(long hits, long misses, long pulled, long sent) {
    Counts since(Counts before) {
      return new Counts(hits - before.hits, misses - before.misses, pulled - before.pulled, sent - before.sent);
    }
  }

  /**
   * Columns of equal length: each value belongs to the time that ends at {@code at}.
   *
   * @param at in seconds since 1970
   */
  public record Plot(long step, List<Long> at, List<Long> hits, List<Long> misses, List<Long> pulled,
      List<Long> sent) {}

  public History(Supplier<Counts> counters, InstantSource clock) {
    this.counters = counters;
    this.clock = clock;
    this.atLastSample = counters.get();
    this.atLastLongSample = atLastSample;
    this.lastLongSample = clock.millis();
  }

  /** Notes what came since the last time. */
  public synchronized void sample() {
    Counts now = counters.get();
    long millis = clock.millis();
    hour.add(millis / 1000, now.since(atLastSample));
    atLastSample = now;
    if (millis - lastLongSample >= LONG_STEP.toMillis() || millis < lastLongSample) { // or the clock was set back
      week.add(millis / 1000, now.since(atLastLongSample));
      atLastLongSample = now;
      lastLongSample = millis;
    }
  }

  /** The last hour, and what came since its last sample. */
  synchronized Plot hour() {
    return hour.plot(STEP.toSeconds(), clock.millis() / 1000, counters.get().since(atLastSample));
  }

  /** The last week, likewise. */
  synchronized Plot week() {
    return week.plot(LONG_STEP.toSeconds(), clock.millis() / 1000, counters.get().since(atLastLongSample));
  }
}
