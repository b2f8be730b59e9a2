package dev.weir.server.realclient;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** What a server has written so far, line by line; the reader of its output is a thread of its own. */
final class ServerLog {
  private static final Duration QUIET = Duration.ofMillis(500);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  @GuardedBy("lock") private final List<String> lines = new ArrayList<>();
  @GuardedBy("lock") private boolean ended;

  /** Takes lines until the server closes its output. */
  void follow(BufferedReader output) {
    try (output) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(output lost: " + e + ")");
    } finally {
      end();
    }
  }

  /** The first match in any line, waiting for it at most {@code limit}, and not beyond the end of the output. */
  Optional<MatchResult> await(Pattern pattern, Duration limit) throws InterruptedException {
    long nanos = limit.toNanos();
    lock.lock();
    try {
      for (int seen = 0;; seen++) {
        while (seen == lines.size()) {
          if (ended || nanos <= 0) {
            return Optional.empty();
          }
          nanos = grown.awaitNanos(nanos);
        }
        var matcher = pattern.matcher(lines.get(seen));
        if (matcher.find()) {
          return Optional.of(matcher.toMatchResult());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  List<String> lines() {
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  /** {@link #lines}, once none has come for a while: a line may be written when its client has the answer already. */
  List<String> settled() {
    List<String> seen = List.of();
    lock.lock();
    try {
      while (seen.size() < lines.size()) {
        seen = List.copyOf(lines);
        grown.awaitNanos(QUIET.toNanos());
      }
      return seen;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while a log settles", e);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the server has closed its output, so that {@link #lines} is all of it. */
  boolean awaitEnd(Duration limit) throws InterruptedException {
    long nanos = limit.toNanos();
    lock.lock();
    try {
      while (!ended && nanos > 0) {
        nanos = grown.awaitNanos(nanos);
      }
      return ended;
    } finally {
      lock.unlock();
    }
  }

  private void add(String line) {
    lock.lock();
    try {
      lines.add(line);
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return String.join("\n", lines());
  }
}
