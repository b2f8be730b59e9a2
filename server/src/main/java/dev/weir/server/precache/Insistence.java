package dev.weir.server.precache;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
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
  /** Failures of one thing, after each of which others of the same source came: the link is well, and the thing is not. */
  private static final int MOST_ALONE = 8;

  private final Duration patience;
  private final Width width;
  private final LongSupplier nanos;
  private final BooleanSupplier stopping;
  private final Consumer<String> trouble;
  private final Sleep sleep;
  private volatile long lastNanos;
  /** Answers so far, by where they came from. */
  private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();

  /** Lets time pass. */
  @FunctionalInterface
  interface Sleep {
    void sleep(Duration howLong) throws InterruptedException;
  }

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
   * @param sleep between two tries, in small parts
   */
  Insistence(Duration patience, Width width, LongSupplier nanos, BooleanSupplier stopping,
      Consumer<String> trouble, Sleep sleep) {
    this.patience = patience;
    this.width = width;
    this.nanos = nanos;
    this.stopping = stopping;
    this.trouble = trouble;
    this.sleep = sleep;
    this.lastNanos = nanos.getAsLong();
  }

  /** Something came. */
  void came() {
    lastNanos = nanos.getAsLong();
  }

  /**
   * The answer, in the end.
   *
   * @param source where it comes from, as far as others come from there too
   * @param size of what is asked for, in bytes
   * @throws Stopped if the job is to end before
   */
  <T> T answer(String source, long size, Question<T> question) throws IOException {
    AtomicLong others = answers.computeIfAbsent(source, fresh -> new AtomicLong());
    Tries tries = new Tries(others);
    while (true) {
      try {
        T answer = once(size, question);
        others.incrementAndGet();
        return answer;
      } catch (IOException e) {
        requireGoing();
        if (tries.areOver(e) || nanos.getAsLong() - lastNanos > patience.toNanos()) {
          throw e;
        }
        trouble.accept(String.valueOf(e.getMessage()));
      }
      sleep(tries.pause());
    }
  }

  /** How often one thing was asked for in vain. For one thread. */
  private static final class Tries {
    private final AtomicLong others;
    private long othersBefore;
    private int damaged;
    private int alone;
    private Duration pause = FIRST_PAUSE;

    Tries(AtomicLong others) {
      this.others = others;
      this.othersBefore = others.get();
    }

    /** To wait for an answer in vain may mean to wait in line behind others. */
    boolean areOver(IOException failure) {
      Outlook outlook = Outlook.of(failure);
      damaged += outlook == Outlook.DAMAGED ? 1 : 0;
      long now = others.get();
      alone += outlook == Outlook.PASSING && now > othersBefore ? 1 : 0;
      othersBefore = now;
      return outlook == Outlook.FINAL || damaged == MOST_DAMAGED || alone == MOST_ALONE;
    }

    Duration pause() {
      Duration next = pause;
      pause = Collections.min(List.of(pause.multipliedBy(2), LONGEST_PAUSE));
      return next;
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
        sleep.sleep(Duration.ofMillis(Math.min(left, BETWEEN_LOOKS.toMillis())));
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting to ask again", e);
    }
  }
}
