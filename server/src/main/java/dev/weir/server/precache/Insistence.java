package dev.weir.server.precache;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Asks again what failed for reasons that pass, as long as anything at all came within the job's patience: a link may be
 * broken for long, and a job has time. Thread-safe.
 */
final class Insistence {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final int MOST_DAMAGED = 3;

  private final Duration patience;
  private final Width width;
  private final LongSupplier nanos;
  private final BooleanSupplier stopping;
  private final Consumer<String> trouble;
  private volatile long lastNanos;

  /** What is asked. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws IOException;
  }

  /**
   * For one job.
   *
   * @param patience since anything came last
   * @param nanos the time
   * @param trouble told why something is asked again
   */
  Insistence(Duration patience, Width width, LongSupplier nanos, BooleanSupplier stopping,
      Consumer<String> trouble) {
    this.patience = patience;
    this.width = width;
    this.nanos = nanos;
    this.stopping = stopping;
    this.trouble = trouble;
    this.lastNanos = nanos.getAsLong();
  }

  /** Something came. */
  void came() {
    lastNanos = nanos.getAsLong();
  }

  /**
   * The answer, in the end.
   *
   * @param size of what is asked for, in bytes
   * @throws Stopped if the job is to end before
   */
  <T> T answer(long size, Question<T> question) throws IOException {
    Duration pause = FIRST_PAUSE;
    int damaged = 0;
    while (true) {
      try {
        return once(size, question);
      } catch (IOException e) {
        requireGoing();
        Outlook outlook = Outlook.of(e);
        damaged += outlook == Outlook.DAMAGED ? 1 : 0;
        if (outlook == Outlook.FINAL || damaged == MOST_DAMAGED || nanos.getAsLong() - lastNanos > patience.toNanos()) {
          throw e;
        }
        trouble.accept(String.valueOf(e.getMessage()));
      }
      sleep(pause);
      pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  private <T> T once(long size, Question<T> question) throws IOException {
    width.enter(size);
    try {
      requireGoing();
      T answer = question.ask();
      came();
      width.succeeded();
      return answer;
    } catch (IOException e) {
      if (Outlook.of(e) == Outlook.BUSY) {
        width.narrow();
      }
      if (Outlook.of(e) == Outlook.FINAL) {
        came(); // an answer is an answer
      }
      throw e;
    } finally {
      width.leave(size);
    }
  }

  boolean isStopping() {
    return stopping.getAsBoolean();
  }

  void requireGoing() throws Stopped {
    if (isStopping()) {
      throw new Stopped();
    }
  }

  private void sleep(Duration pause) throws IOException {
    long jittered = pause.toMillis() / 2 + ThreadLocalRandom.current().nextLong(pause.toMillis());
    try {
      for (long left = jittered; left > 0; left -= BETWEEN_LOOKS.toMillis()) {
        requireGoing();
        Thread.sleep(Math.min(left, BETWEEN_LOOKS.toMillis()));
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting to ask again", e);
    }
  }
}
