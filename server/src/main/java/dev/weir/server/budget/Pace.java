package dev.weir.server.budget;

import java.util.function.Supplier;

/**
 * So many bytes a second, taken in turn. Who takes may take any number at once, and the next waits the longer for it. Time
 * comes from outside, in nanoseconds. Guarded by whoever owns it.
 */
final class Pace {
  /** So much of what nobody took is still there later, so that a thread that wakes late loses nothing. */
  private static final long SAVED_NANOS = 200_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;

  private final long bytesPerSecond;
  private final Line line = new Line();
  /** When what was taken is paid for. */
  private long paid;

  Pace(long bytesPerSecond, long now) {
    this.bytesPerSecond = bytesPerSecond;
    this.paid = now;
  }

  Line.Place join(Supplier<Urgency> urgency) {
    return line.join(urgency);
  }

  boolean isFirst(Line.Place place) {
    return line.isFirst(place);
  }

  /** For the first in line, until it may take; zero or less: now. */
  long nanosToWait(long now) {
    return paid - now;
  }

  /** The first leaves the line with so much. */
  void take(Line.Place place, long bytes, long now) {
    line.leave(place);
    paid = Math.max(paid, now - SAVED_NANOS) + (long) (bytes * NANOS_PER_SECOND / bytesPerSecond);
  }

  void leave(Line.Place place) {
    line.leave(place);
  }
}
