package dev.weir.server.wiring;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done now and then, on one thread, whatever came of it the time before. */
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private final ScheduledExecutorService thread = Executors
      .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("housekeeping").factory());

  /** What is done; it may fail. */
  @FunctionalInterface
  interface Chore {
    void run() throws Exception;
  }

  /** Does it soon, and again after each {@code interval}. */
  void every(Duration interval, String what, Chore chore) {
    schedule(Math.min(1_000, interval.toMillis()), interval, what, chore);
  }

  /** Does it after each {@code interval}. */
  void after(Duration interval, String what, Chore chore) {
    schedule(interval.toMillis(), interval, what, chore);
  }

  private void schedule(long firstMillis, Duration interval, String what, Chore chore) {
    var _ = thread.scheduleWithFixedDelay(() -> {
      try {
        chore.run();
      } catch (Exception e) {
        LOG.warn("{}: {}", what, e.getMessage());
      }
    }, firstMillis, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does it now, and as long as it fails, again after each {@code interval}. */
  void untilDone(Duration interval, String what, Chore chore) {
    try {
      chore.run();
    } catch (Exception e) {
      LOG.warn("{}: {}; it is tried again", what, e.getMessage());
      var _ = thread.schedule(() -> untilDone(interval, what, chore), interval.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Begins nothing more; a chore under way ends by itself, since nobody may be interrupted at a file. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
