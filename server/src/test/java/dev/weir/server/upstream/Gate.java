package dev.weir.server.upstream;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets a mock server's bodies pass up to a point. Open at first. */
final class Gate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private long limit = Long.MAX_VALUE;

  void pauseAfter(long bytes) {
    set(bytes);
  }

  void open() {
    set(Long.MAX_VALUE);
  }

  /** Waits until more than {@code sent} bytes of a body may have been sent, and returns how many may. */
  long awaitBeyond(long sent) {
    lock.lock();
    try {
      while (limit <= sent) {
        moved.awaitUninterruptibly();
      }
      return limit;
    } finally {
      lock.unlock();
    }
  }

  private void set(long bytes) {
    lock.lock();
    try {
      limit = bytes;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
