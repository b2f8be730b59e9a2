package dev.weir.server.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long a download waits after all its sources failed: a pause that doubles, with jitter, for as long as somebody waits
 * and a byte comes now and then. A fetch that never got a byte fails with the first break, so that its clients hear of it
 * at once; unless its source is only busy.
 *
 * <p>For the download's thread alone.
 */
final class Breaks {
  private static final int MOST_UNWANTED = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

  private final Persistence persistence;
  private final RandomGenerator random;
  private boolean everProgressed;
  /** Pauses since then. */
  private int pauses;
  /** When the last byte came; before that, when the first pause was made. By {@link System#nanoTime}. */
  private long since = System.nanoTime();

  Breaks(Persistence persistence, RandomGenerator random) {
    this.persistence = persistence;
    this.random = random;
  }

  /** Bytes came. */
  void progressed() {
    everProgressed = true;
    pauses = 0;
    since = System.nanoTime();
  }

  /**
   * How long to wait before the next try. Empty: there is to be none.
   *
   * @param isWanted somebody waits for the bytes
   */
  Optional<Duration> pauseAfter(IOException broken, boolean isWanted) {
    Duration pause = broken instanceof Source.Busy busy ? busy.howLong().orElseGet(this::next) : next();
    Duration longest = everProgressed ? persistence.stalled() : busyPatience(broken);
    boolean goesOn = (isWanted || pauses < MOST_UNWANTED)
        && System.nanoTime() - since + pause.toNanos() < longest.toNanos();
    pauses++;
    return goesOn ? Optional.of(pause) : Optional.empty();
  }

  private Duration busyPatience(IOException broken) {
    return broken instanceof Source.Busy ? persistence.busy() : Duration.ZERO;
  }

  private Duration next() {
    long millis = Math.min(FIRST_PAUSE.toMillis() << Math.min(pauses, 10), LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(millis / 2 + random.nextLong(millis));
  }
}
