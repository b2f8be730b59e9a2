package dev.weir.server.replicas;

import java.io.IOException;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** From where on one download wants what another weir fetches, as that is told. Thread-safe. */
final class Wish {
  private static final long NONE = -1;

  private final Board board;
  private final Said.Name who;
  @GuardedBy("this") private long said = NONE;

  Wish(Board board, Said.Name who) {
    this.board = board;
    this.who = who;
  }

  /** Says so, again if need be: whoever fetched may have taken away what was said before. */
  synchronized void from(long position) throws IOException {
    board.want(position, who);
    long before = said;
    said = position;
    if (before != NONE && before != position) {
      board.wantNoMore(before, who);
    }
  }

  /** Nothing is to be put for us any more. */
  synchronized void end() throws IOException {
    if (said != NONE) {
      board.wantNoMore(said, who);
      said = NONE;
    }
  }
}
