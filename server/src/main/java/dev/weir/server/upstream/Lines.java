package dev.weir.server.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** The connections to one upstream and to where it sends us: those at work, and a few that wait for another request. Thread-safe. */
final class Lines implements AutoCloseable {
  private static final int MOST_RESTING = 8;

  private final Dialer dialer;
  private final Duration rest;
  private final Set<Line> open = ConcurrentHashMap.newKeySet();
  /** The one that has rested longest first. */
  @GuardedBy("this") private final ArrayDeque<Resting> resting = new ArrayDeque<>();
  @GuardedBy("this") private boolean isWatched;
  private volatile boolean isClosed;

  /** Since when, by {@link System#nanoTime}. */
  private record Resting(Line line, long since) {}

  /** @param rest after which a connection is closed: less than most servers keep theirs */
  Lines(Dialer dialer, Duration rest) {
    this.dialer = dialer;
    this.rest = rest;
  }

  /** One that rests, the latest first: it is the least likely to have been closed by its server. */
  synchronized Optional<Line> resting(Origin to) {
    for (Iterator<Resting> all = resting.descendingIterator(); all.hasNext();) {
      Line line = all.next().line();
      if (line.to().equals(to)) {
        all.remove();
        return Optional.of(line);
      }
    }
    return Optional.empty();
  }

  Line fresh(Origin to, Leash leash) throws IOException {
    Line line = dialer.dial(to, leash, open::remove);
    open.add(line);
    if (isClosed) {
      line.close();
    }
    return line;
  }

  /** Takes one that stands where the next answer will begin. */
  void rest(Line line) {
    List<Line> spare = new ArrayList<>();
    synchronized (this) {
      resting.add(new Resting(line, System.nanoTime()));
      while (resting.size() > (isClosed ? 0 : MOST_RESTING)) {
        spare.add(resting.remove().line());
      }
      if (!isWatched && !resting.isEmpty()) {
        isWatched = true;
        Thread.ofVirtual().name("resting connections").start(this::watch);
      }
    }
    spare.forEach(Line::close);
  }

  /** Until none rests. */
  private void watch() {
    long wait = rest.toNanos();
    try {
      while (wait > 0) {
        Thread.sleep(Duration.ofNanos(wait));
        wait = closeOld();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  /** How long to wait for the next, in nanoseconds; 0: there is none. */
  private long closeOld() {
    List<Line> old = new ArrayList<>();
    long wait = 0;
    synchronized (this) {
      long now = System.nanoTime();
      while (!resting.isEmpty() && now - resting.element().since() >= rest.toNanos()) {
        old.add(resting.remove().line());
      }
      isWatched = !resting.isEmpty();
      wait = isWatched ? Math.max(1, rest.toNanos() - (now - resting.element().since())) : 0;
    }
    old.forEach(Line::close);
    return wait;
  }

  /** Cuts all of them, at work or not. */
  @Override
  public void close() {
    isClosed = true;
    open.forEach(Line::close);
    synchronized (this) {
      resting.clear();
    }
  }
}
