package dev.weir.server.cache;

import java.util.concurrent.locks.LockSupport;

/** Waits for what only another thread's state can tell; a test's time-out ends it. */
public final class Waiting {
  private static final long POLL_NANOS = 200_000;

  /** What is waited for. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  private Waiting() {}

  public static void until(Condition condition) throws Exception {
    while (!condition.holds()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("it never came true");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Until it waits, with a patience that ends some time. */
  public static void untilWaiting(Thread thread) throws Exception {
    until(() -> thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.TERMINATED);
  }
}
