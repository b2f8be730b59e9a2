package dev.weir.server.precache;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(300)
class WidthTest {
  private static final long LARGE = 20 << 20;

  private final List<Long> entered = new CopyOnWriteArrayList<>();

  private Thread enter(Width width, long size, CountDownLatch after) {
    return Thread.ofVirtual().start(() -> {
      try {
        width.enter(size);
        entered.add(size);
        after.countDown();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  /** Each is in line before the next comes. */
  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      LockSupport.parkNanos(100_000);
    }
  }

  @Test
  void theSmallestIsNextAndTheLargeDoNotCrowdOutTheSmall() throws Exception {
    Width width = new Width(5);
    for (int i = 0; i < 4; i++) {
      width.enter(LARGE);
    }
    CountDownLatch small = new CountDownLatch(1);
    Thread fifth = enter(width, LARGE, new CountDownLatch(1));
    awaitWaiting(fifth);
    assertThat(entered).as("more than a few large ones").isEmpty();
    width.leave(LARGE);
    width.leave(LARGE);
    fifth.join();
    enter(width, 1_000, small);
    small.await();
    assertThat(entered).containsExactly(LARGE, 1_000L);
  }

  @Test
  void halfAsManyAfterItWasTooMuchAndSlowlyMoreAgain() throws Exception {
    Width width = new Width(4);
    for (int i = 0; i < 4; i++) {
      width.enter(0);
    }
    width.narrow();
    CountDownLatch one = new CountDownLatch(1);
    Thread waiting = enter(width, 0, one);
    awaitWaiting(waiting);
    width.leave(0);
    width.leave(0);
    assertThat(waiting.isAlive()).as("two are at work, and two may be").isTrue();
    width.succeeded();
    width.succeeded();
    one.await();
    assertThat(entered).hasSize(1);
  }
}
