package dev.weir.server.registry;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * How long a client is kept waiting for upstream.
 *
 * @param cold when nothing is held; below the 20 s that no client waits longer than for headers
 * @param whileHeld when what is held could be served instead
 */
public record Patience(Duration cold, Duration whileHeld) {
  /** By so much less a weir waits than the one that asks it, so that its answer comes in time. */
  private static final Duration PER_HOP = Duration.ofSeconds(4);

  public static final Patience DEFAULT = new Patience(Duration.ofSeconds(18), Duration.ofMillis(700));

  /** The same for a client that stands behind so many other weirs, of which each waits less than the one before. */
  Patience behind(int hops) {
    Duration least = cold.dividedBy(3);
    Duration left = cold.minus(PER_HOP.multipliedBy(hops));
    return hops == 0 ? this : new Patience(Collections.max(List.of(left, least)), whileHeld);
  }
}
