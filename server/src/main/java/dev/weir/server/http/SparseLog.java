package dev.weir.server.http;

import java.time.Duration;
import java.util.function.LongSupplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Lines of one kind that anybody out there can cause: at most one a minute is written, and says how many there were
 * since the one before. Thread-safe; never blocks for long.
 */
final class SparseLog {
  private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int LONGEST = 300;

  private final Logger log;
  private final Level level;
  private final LongSupplier nanoTime;
  @GuardedBy("this") private boolean begun;
  @GuardedBy("this") private long lastNanos;
  @GuardedBy("this") private long unsaid;

  SparseLog(Logger log, Level level, LongSupplier nanoTime) {
    this.log = log;
    this.level = level;
    this.nanoTime = nanoTime;
  }

  /** @param sentence may hold what a client sent */
  void say(String sentence) {
    long more = turn();
    if (more >= 0) {
      String head = sentence.substring(0, Math.min(sentence.length(), LONGEST)).replaceAll("[^ -~]", "?");
      log.atLevel(level).log(more == 0 ? head : head + " (and " + more + " more like it since such a line)");
    }
  }

  /** How many were left unsaid, if it is time for a line; otherwise -1. */
  private synchronized long turn() {
    long now = nanoTime.getAsLong();
    if (begun && now - lastNanos < PAUSE_NANOS) {
      unsaid++;
      return -1;
    }
    long more = unsaid;
    begun = true;
    lastNanos = now;
    unsaid = 0;
    return more;
  }
}
