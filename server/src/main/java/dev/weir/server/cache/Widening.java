package dev.weir.server.cache;

/**
 * How many streams a download should have: begins with one and doubles as long as much is missing; then looks whether the
 * sum is more than one alone gave, and if not goes back to one for a while. Only the last look decides, since streams begin
 * with a burst that they cannot keep up. Time comes from outside, in nanoseconds. For one thread at a time.
 */
final class Widening {
  private static final long SECOND = 1_000_000_000L;
  /** What is not looked at after a change, and how long the look then is. */
  private static final long SETTLES = SECOND / 2;
  private static final long LOOKS = SECOND;
  private static final long LAST_SETTLES = 3 * SECOND;
  private static final long LAST_LOOKS = 3 * SECOND;
  /** Without a byte for so long there is a stall, which says nothing about the number. */
  private static final long STALL = SECOND * 3 / 4;
  private static final long REFUSED_REST = 3 * SECOND;
  private static final long USELESS_REST = 60 * SECOND;
  private static final long LONGEST_REST = 600 * SECOND;
  /** What all of them must bring, as a multiple of what one brings. */
  private static final double HELPS = 1.15;
  /** What comes sooner than this, in seconds, needs no more streams. */
  private static final double WORTH_SECONDS = 4;
  private static final long WORTH_BYTES = 2L << 20;

  private final int most;
  private int streams = 1;
  /** What one stream gave, in bytes a second; 0 as long as that is not known. */
  private double alone;
  /** The number was found to help, or is one. */
  private boolean isSettled;
  private long restUntil;
  private long rest = REFUSED_REST;
  private long since;
  /** Received when the look began; -1 before that. */
  private long atStart = -1;
  private long last;
  private long lastCame;

  Widening(int most, long now) {
    this.most = most;
    this.since = now;
    this.lastCame = now;
    this.restUntil = now;
  }

  /**
   * How many there should be.
   *
   * @param received by all streams so far, in bytes
   * @param missing in bytes
   */
  int streams(long now, long received, long missing) {
    boolean wasStalled = now - lastCame > STALL;
    if (received > last) {
      last = received;
      lastCame = now;
    }
    long elapsed = now - since;
    if (wasStalled) {
      look(now);
    } else if (atStart < 0 && elapsed >= (isAtLast() ? LAST_SETTLES : SETTLES)) {
      atStart = received;
      since = now;
    } else if (atStart >= 0 && elapsed >= (isAtLast() ? LAST_LOOKS : LOOKS)) {
      judge(now, (received - atStart) * (double) SECOND / elapsed, missing);
      look(now);
    }
    return streams;
  }

  /** How many there should be, as it was said last. */
  int streams() {
    return streams;
  }

  /** A stream broke off: what is seen now says nothing. */
  void broke(long now) {
    look(now);
  }

  /** Upstream would not have one more. */
  void refused(long now) {
    streams = Math.max(1, streams / 2);
    isSettled = true;
    rest(now, REFUSED_REST);
    look(now);
  }

  private boolean isAtLast() {
    return streams > 1 && (streams == most || isSettled);
  }

  private void look(long now) {
    since = now;
    atStart = -1;
  }

  private void judge(long now, double rate, long missing) {
    if (streams == 1) {
      alone = rate;
    }
    boolean isWorthIt = missing > WORTH_BYTES && missing > rate * WORTH_SECONDS;
    if (streams < most && isWorthIt && now - restUntil >= 0) {
      streams = Math.min(most, streams * 2);
      isSettled = false;
    } else if (isAtLast() && !isSettled) {
      conclude(now, rate);
    }
  }

  private void conclude(long now, double rate) {
    isSettled = true;
    if (rate < alone * HELPS) {
      streams = 1;
      rest(now, USELESS_REST);
    } else {
      rest = REFUSED_REST;
    }
  }

  private void rest(long now, long least) {
    rest = Math.max(rest, least);
    restUntil = now + rest;
    rest = Math.min(LONGEST_REST, rest * 2);
  }
}
