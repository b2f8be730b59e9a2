package dev.weir.server.replicas;

import java.io.IOException;
import java.time.Duration;

import dev.weir.server.cache.Source;

/** A blob as another weir fetches it, out of what that hands on through the store. */
final class Followed implements Source {
  /** It has no more for now: the one that is followed is gone, or brings nothing. */
  static final class NoMore extends IOException {
    private final transient Watched.State state;

    NoMore(String why, Watched.State state) {
      super(why);
      this.state = state;
    }

    Watched.State state() {
      return state;
    }
  }

  private static final int SHORT_LOOKS = 8;

  private final Board board;
  private final Wish wish;
  private final Watched watched;
  private final Pace pace;
  private final Rest rest;
  /** By {@link System#nanoTime}. */
  private final long unanswered;
  private final Runnable given;

  /**
   * Out of what {@code watched} hands on.
   *
   * @param unanswered since when the size is waited for, whoever was to say it
   * @param given called when bytes are given
   */
  Followed(Board board, Wish wish, Watched watched, Pace pace, Rest rest, long unanswered, Runnable given) {
    this.board = board;
    this.wish = wish;
    this.watched = watched;
    this.pace = pace;
    this.rest = rest;
    this.unanswered = unanswered;
    this.given = given;
  }

  @Override
  public Bytes open(long from) throws IOException {
    return open(from, Long.MAX_VALUE);
  }

  /** Waits until the other knows the size. */
  @Override
  public Bytes open(long from, long to) throws IOException {
    wish.from(from);
    Looks looks = new Looks();
    while (watched.said().size() < 0) {
      looks.next();
    }
    looks.found();
    return new FollowedBytes(board, watched, looks, from, Math.min(to, watched.said().size()), given);
  }

  @Override
  public String name() {
    return STORE;
  }

  /** Looks at the one that is followed, again and again, until that makes no sense any more. For one thread. */
  final class Looks {
    private Duration pause = pace.look().dividedBy(SHORT_LOOKS);
    /** By {@link System#nanoTime}. */
    private long since = watched.said().size() < 0 ? unanswered : System.nanoTime();

    /** After a pause. */
    void next() throws IOException {
      if (!rest.pause(pause)) {
        throw new IOException("stopped while following another weir");
      }
      pause = Rest.longer(pause, pace.look());
      Watched.State state = watched.look();
      if (state != Watched.State.FETCHES) {
        throw new NoMore("the weir that fetched it does so no more", state);
      }
      Duration patience = watched.said().size() < 0 ? pace.unanswered() : pace.stalled();
      if (System.nanoTime() - since > patience.toNanos()) {
        throw new NoMore("the weir that fetches it handed nothing on for " + patience.toSeconds() + " s",
            watched.isSilent() ? Watched.State.LOST : state);
      }
    }

    /** There was something. */
    void found() {
      pause = pace.look().dividedBy(SHORT_LOOKS);
      since = System.nanoTime();
    }
  }
}
