package dev.weir.server.replicas;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** Pauses that another thread can end for good. Thread-safe. */
final class Rest {
  @GuardedBy("this") private boolean isOver;

  /** False: there are to be no more. */
  synchronized boolean pause(Duration howLong) throws IOException {
    long until = System.nanoTime() + howLong.toNanos();
    for (long left = howLong.toNanos(); left > 0 && !isOver; left = until - System.nanoTime()) {
      await(Duration.ofNanos(left));
    }
    return !isOver;
  }

  @SuppressWarnings("WaitNotInLoop") // the caller's loop
  private synchronized void await(Duration left) throws IOException {
    try {
      wait(left.toMillis() + 1);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for another weir", e);
    }
  }

  /** Twice the pause, but no longer than that. */
  static Duration longer(Duration pause, Duration longest) {
    return Collections.min(List.of(pause.multipliedBy(2), longest));
  }

  synchronized void end() {
    isOver = true;
    notifyAll();
  }

  synchronized boolean isOver() {
    return isOver;
  }
}
