package dev.weir.server.replicas;

import java.io.IOException;
import java.util.Optional;

/** One that fetches a blob, as another sees it that follows. For one thread. */
final class Watched {
  private final Board board;
  private final int number;
  private final Pace pace;
  private Said last;
  /** When it said something else than before. By {@link System#nanoTime}. */
  private long changed = System.nanoTime();

  Watched(Board board, int number, Said first, Pace pace) {
    this.board = board;
    this.number = number;
    this.last = first;
    this.pace = pace;
  }

  /** What has become of it. */
  enum State {
    FETCHES,
    /** It has said that it does not, or that the blob is stored. */
    ENDED,
    /** It has not said anything for long. */
    LOST
  }

  State look() throws IOException {
    Optional<Said> now = board.said(number);
    if (now.isEmpty()) {
      return State.ENDED;
    }
    if (!now.get().equals(last)) {
      last = now.get();
      changed = System.nanoTime();
    }
    return System.nanoTime() - changed > pace.lost().toNanos() ? State.LOST : State.FETCHES;
  }

  /** Whether it missed a moment in which it should have said something. Not lost yet, unless it brings nothing either. */
  boolean isSilent() {
    return System.nanoTime() - changed > pace.renewal().multipliedBy(5).dividedBy(4).toNanos();
  }

  /** What it said when it was looked at last. */
  Said said() {
    return last;
  }

  int number() {
    return number;
  }
}
