package dev.weir.server.cache;

/**
 * How many streams a download should have: begins with one, doubles as long as that raises the sum, and goes back where it
 * did not. Time comes from outside, in nanoseconds. For one thread.
 */
final class Widening {
  private static final long SECOND = 1_000_000_000L;
  /** New streams take their time to get up to speed. */
  private static final long SETTLES = SECOND / 2;
  private static final long LOOKS = SECOND;
  /** Without a byte for so long there is a stall, which says nothing about the number. */
  private static final long STALL = SECOND * 3 / 4;
  private static final long FIRST_REST = 5 * SECOND;
  private static final long LONGEST_REST = 60 * SECOND;
  /** What a change must bring to have helped. */
  private static final double HELPS = 1.15;
  /** What comes sooner than this, in seconds, needs no more streams. */
  private static final double WORTH_SECONDS = 4;
  private static final long WORTH_BYTES = 2L << 20;

  private final int most;
  private int streams = 1;
  /** Before the last doubling, where that is still to be judged; else as many as now. */
  private int before = 1;
  private double rateBefore;
  private long restUntil;
  private long rest = FIRST_REST;
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
    } else if (atStart < 0 && elapsed >= SETTLES) {
      atStart = received;
      since = now;
    } else if (atStart >= 0 && elapsed >= LOOKS) {
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
    rest(now);
    look(now);
  }

  private void look(long now) {
    since = now;
    atStart = -1;
  }

  private void judge(long now, double rate, long missing) {
    if (streams > before && rate < rateBefore * HELPS) {
      streams = before;
      rest(now);
    } else if (streams > before) {
      rest = FIRST_REST;
    }
    before = streams;
    boolean isWorthIt = missing > WORTH_BYTES && missing > rate * WORTH_SECONDS;
    if (isWorthIt && now - restUntil >= 0 && streams < most) {
      rateBefore = rate;
      streams = Math.min(most, streams * 2);
    }
  }

  private void rest(long now) {
    before = streams;
    restUntil = now + rest;
    rest = Math.min(LONGEST_REST, rest * 2);
  }
}
