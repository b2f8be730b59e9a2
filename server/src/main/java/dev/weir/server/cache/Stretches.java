package dev.weir.server.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * Which bytes of a growing file are written or spoken for: all up to the front, which the download itself moves, and
 * stretches ahead of that. Between them are gaps. Thread-safe.
 */
final class Stretches {
  @GuardedBy("this") private final TreeMap<Long, Stretch> ahead = new TreeMap<>();
  /** So much of the beginning is written. */
  @GuardedBy("this") private long written;
  /** So much of the beginning the download itself has written or is about to. */
  @GuardedBy("this") private long front;

  synchronized void start(long prefix, List<Span> held) {
    ahead.clear();
    written = prefix;
    front = prefix;
    held.forEach(span -> ahead.put(span.from(), Stretch.held(span)));
  }

  /** How many of so many bytes the download itself may write at the front; from now on nobody else does. */
  synchronized int reserve(int wanted) {
    int granted = (int) Math.min(wanted, gapEnd() - front);
    front += granted;
    return granted;
  }

  /** The beginning is written up to there. */
  synchronized void wrote(long upTo) {
    written = upTo;
    front = Math.max(front, upTo);
    ahead.values().removeIf(stretch -> stretch.to() <= upTo);
  }

  /** Where the gap at the front ends: at the front where there is none, and {@link Long#MAX_VALUE} before the last. */
  synchronized long gapEnd() {
    Map.Entry<Long, Stretch> at = ahead.floorEntry(front);
    if (at != null && at.getValue().to() > front) {
      return front;
    }
    Long next = ahead.higherKey(front);
    return next == null ? Long.MAX_VALUE : next;
  }

  /**
   * A stretch for one more stream: the first gap's beginning, but of the gap at the front only what lies a block away,
   * since the download's own stream is there. Empty: no gap is worth it.
   *
   * @param size of the whole file, in bytes
   * @param block how long a stretch may be, in bytes
   */
  synchronized Optional<Stretch> take(long size, long block) {
    long from = gapEnd() == front ? front : front + block;
    for (Stretch next : List.copyOf(ahead.values())) {
      if (from < next.from()) {
        return Optional.of(fresh(from, Math.min(from + block, next.from())));
      }
      from = Math.max(from, next.to());
    }
    return from < size ? Optional.of(fresh(from, Math.min(from + block, size))) : Optional.empty();
  }

  @GuardedBy("this")
  private Stretch fresh(long from, long to) {
    Stretch stretch = new Stretch(from, to);
    ahead.put(from, stretch);
    return stretch;
  }

  synchronized void wrote(Stretch stretch, int bytes) {
    stretch.wrote(bytes);
    notifyAll();
  }

  /** Whoever filled it has ended. */
  synchronized void leave(Stretch stretch) {
    stretch.leave();
    if (stretch.at() <= stretch.from() || stretch.to() <= written) {
      ahead.remove(stretch.from(), stretch);
    }
    notifyAll();
  }

  /** Up to where bytes are written from the front on, without a gap. */
  synchronized long joined() {
    long joined = written;
    for (Stretch next : ahead.values()) {
      if (next.from() > joined) {
        return joined;
      }
      joined = Math.max(joined, next.at());
      if (next.at() < next.to()) {
        return joined;
      }
    }
    return joined;
  }

  /** Waits a while for more to join on. False: there is a gap at the front, which nobody fills. */
  synchronized boolean await(long millis) throws IOException {
    if (gapEnd() > front) {
      return false;
    }
    if (joined() == written) {
      pause(millis);
    }
    return joined() > written || gapEnd() == front;
  }

  @SuppressWarnings("WaitNotInLoop") // the caller looks again
  private synchronized void pause(long millis) throws IOException {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for more", e);
    }
  }

  /** How many bytes are written, anywhere. */
  synchronized long bytes() {
    return written().stream().mapToLong(span -> span.to() - span.from()).sum();
  }

  synchronized boolean isEmpty() {
    return ahead.isEmpty();
  }

  /** What is written, in ascending order; the first is the beginning. */
  synchronized List<Span> written() {
    List<Span> spans = new ArrayList<>();
    spans.add(new Span(0, written));
    for (Stretch stretch : ahead.values()) {
      long from = Math.max(stretch.from(), written);
      if (stretch.at() > from) {
        spans.add(new Span(from, stretch.at()));
      }
    }
    return spans;
  }
}
