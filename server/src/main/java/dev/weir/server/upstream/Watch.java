package dev.weir.server.upstream;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Ends a connection when its reader has waited too long. The reader says when it begins and ends to wait, which costs it
 * next to nothing; a thread beside it looks now and then.
 */
final class Watch {
  private final long patience;
  private final Runnable cut;
  /** Since when the reader waits, by {@link System#nanoTime}. */
  private volatile long since;
  private volatile boolean isWaiting;
  private volatile boolean isOver;
  private volatile boolean hasCut;
  /** Begun with the first wait. The reader's alone. */
  private @Nullable Thread looker;

  Watch(Duration patience, Runnable cut) {
    this.patience = patience.toNanos();
    this.cut = cut;
  }

  /** The reader waits from now on. */
  void begin() {
    since = System.nanoTime();
    isWaiting = true;
    if (looker == null) {
      looker = Thread.ofVirtual().name("idle watch").start(this::look);
    }
  }

  /** The reader goes on. */
  void end() {
    isWaiting = false;
  }

  /** Nobody waits any more. Any thread may say so, the reader's thread at the latest. */
  void over() {
    isOver = true;
    LockSupport.unpark(looker);
  }

  /** Whether it has ended the connection. */
  boolean hasCut() {
    return hasCut;
  }

  private void look() {
    while (!isOver) {
      long left = isWaiting ? patience - (System.nanoTime() - since) : patience;
      if (left <= 0) {
        hasCut = true;
        cut.run();
        return;
      }
      LockSupport.parkNanos(left);
    }
  }
}
