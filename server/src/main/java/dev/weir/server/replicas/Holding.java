package dev.weir.server.replicas;

import java.io.IOException;
import java.time.Duration;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.Replicas.Growth;
import dev.weir.storage.Digest;

/**
 * Says now and then that this weir fetches a blob, on a thread of its own, and hands on what it has as soon as others want
 * it. Thread-safe.
 */
final class Holding {
  private static final Logger LOG = LoggerFactory.getLogger(Holding.class);
  private static final int SHORT_LOOKS = 8;

  private final Digest digest;
  private final Board board;
  private final int number;
  private final Said.Name who;
  private final Growth growth;
  private final Pace pace;
  private final Rest rest = new Rest();
  @GuardedBy("this") private long times;
  @GuardedBy("this") private long shared;
  @GuardedBy("this") private boolean isOver;
  @GuardedBy("this") private @Nullable HandingOn handingOn;
  @GuardedBy("this") private @Nullable Thread hands;

  /** @param number it has claimed */
  Holding(Digest digest, Board board, int number, Said.Name who, Growth growth, Pace pace) {
    this.digest = digest;
    this.board = board;
    this.number = number;
    this.who = who;
    this.growth = growth;
    this.pace = pace;
  }

  Holding start() {
    Thread.ofVirtual().name("holder of " + digest).start(this::run);
    return this;
  }

  /** Often at first: a small blob is soon over, and whoever waits for a large one is to know its size in time. */
  private void run() {
    Duration pause = pace.renewal().dividedBy(SHORT_LOOKS);
    try {
      while (rest.pause(pause)) {
        renew();
        pause = Rest.longer(pause, growth.size() < 0 ? pace.renewal().dividedBy(SHORT_LOOKS / 2) : pace.renewal());
      }
    } catch (IOException e) {
      LOG.debug("{}: nobody is told any more that it is fetched here", digest, e);
    }
  }

  /** One that the store does not take is no reason to end: the next may come in time. */
  private void renew() {
    try {
      Board.Notes notes = board.notes(who);
      if (notes.holder() > number) {
        LOG.debug("{} is fetched by another, too, who took us for lost", digest);
        rest.end();
        return;
      }
      if (notes.wanted().isPresent()) {
        handOn(notes.wanted().getAsLong());
      }
      say();
    } catch (IOException e) {
      LOG.debug("{}: cannot say that it is fetched here: {}", digest, e.getMessage());
    }
  }

  private synchronized void handOn(long from) throws IOException {
    if (handingOn != null) {
      handingOn.from(from);
    } else if (growth.size() > 0 && !isOver) {
      HandingOn begun = new HandingOn(digest, board, growth, pace, rest, this::shared, from);
      handingOn = begun;
      hands = Thread.ofVirtual().name("handing on " + digest).start(begun::run);
    }
  }

  private void shared(long to) throws IOException {
    synchronized (this) {
      shared = to;
    }
    say();
  }

  /** Nothing is said after the end, which takes away what was said. */
  private synchronized void say() throws IOException {
    if (!isOver && !rest.isOver()) {
      times++;
      board.say(number, new Said(who, times, growth.size(), growth.received(), shared));
    }
  }

  /**
   * Says no more, and takes away what was said.
   *
   * @param stored the blob is in the store, so that nobody needs its pieces
   */
  void end(boolean stored) throws IOException {
    rest.end();
    Thread last;
    synchronized (this) {
      isOver = true;
      last = hands;
    }
    board.release(number);
    if (stored) {
      await(last);
      board.clear();
    }
  }

  private static void await(@Nullable Thread last) throws IOException {
    try {
      if (last != null) {
        last.join();
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while handing on", e);
    }
  }
}
