package dev.weir.server.upstream;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/** A bearer token. Never shown. */
record Token(String value, Instant refreshFrom) {
  private static final Duration MARGIN = Duration.ofSeconds(60);

  /** Is renewed a minute before its life is over, or after half of it if it is short. */
  static Token living(String value, Instant now, Duration life) {
    Duration half = life.dividedBy(2);
    Duration margin = Collections.min(List.of(half, MARGIN));
    return new Token(value, now.plus(life).minus(margin));
  }

  boolean isFresh(Instant now) {
    return now.isBefore(refreshFrom);
  }

  @Override
  public String toString() {
    return "Token[until " + refreshFrom + "]";
  }
}
