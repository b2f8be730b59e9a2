package dev.weir.server.cache;

import java.time.Duration;

/**
 * How long a download tries.
 *
 * @param silence a source gets for its answer while there is another to turn to
 * @param busy a source that never gave a byte, and says that it has no time now, is asked again
 * @param stalled without a new byte, after which even a download that clients wait for is given up
 */
public record Persistence(Duration silence, Duration busy, Duration stalled) {
  public static final Persistence DEFAULT = new Persistence(Duration.ofSeconds(4), Duration.ofSeconds(10),
      Duration.ofMinutes(10));

  /** The same, but for how long nothing may come. */
  public Persistence withStalled(Duration longest) {
    return new Persistence(silence, busy, longest);
  }
}
