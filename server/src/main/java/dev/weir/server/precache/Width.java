package dev.weir.server.precache;

import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * How much a job asks for at once: many small things, so that their round trips overlap, or a few large ones. The smallest of
 * those that wait is the next. Half as much after somebody said that it is too much, and slowly more again. Thread-safe.
 */
final class Width {
  /** So many at once, however large. */
  private static final int FEW = 4;
  /** Beyond those, no more than this is on its way, in bytes. */
  private static final long MUCH = 8 << 20;

  private final int widest;
  @GuardedBy("this") private int most;
  @GuardedBy("this") private int count;
  @GuardedBy("this") private long bytes;
  /** Since {@link #most} changed. */
  @GuardedBy("this") private int successes;
  @GuardedBy("this") private long tickets;
  @GuardedBy("this") private final PriorityQueue<Waiter> line = new PriorityQueue<>(
      Comparator.comparingLong(Waiter::bytes).thenComparingLong(Waiter::ticket));

  private record Waiter(long bytes, long ticket, CountDownLatch turn) {}

  Width(int widest) {
    this.widest = widest;
    this.most = widest;
  }

  /** Waits for its turn. */
  void enter(long size) throws IOException {
    Waiter mine;
    synchronized (this) {
      mine = new Waiter(size, tickets++, new CountDownLatch(1));
      line.add(mine);
      admit();
    }
    try {
      mine.turn().await();
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for its turn", e);
    }
  }

  synchronized void leave(long size) {
    count--;
    bytes -= size;
    admit();
  }

  /** It was too much. */
  synchronized void narrow() {
    most = Math.max(1, most / 2);
    successes = 0;
  }

  /** It was not. */
  synchronized void succeeded() {
    if (most < widest && ++successes >= most) {
      most++;
      successes = 0;
      admit();
    }
  }

  @GuardedBy("this")
  private void admit() {
    while (!line.isEmpty() && count < most && (count < FEW || bytes + line.element().bytes() <= MUCH)) {
      Waiter next = line.remove();
      count++;
      bytes += next.bytes();
      next.turn().countDown();
    }
  }
}
