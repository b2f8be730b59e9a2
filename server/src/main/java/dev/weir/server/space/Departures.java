package dev.weir.server.space;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** Remembers the last images that went to make room, and passes on what it hears. Thread-safe. */
public final class Departures implements SpaceEvents {
  private static final int MOST = 50;

  private final SpaceEvents others;
  @GuardedBy("this") private final Deque<Departure> last = new ArrayDeque<>();

  public Departures(SpaceEvents others) {
    this.others = others;
  }

  /** The latest first. */
  public synchronized List<Departure> last() {
    return List.copyOf(last);
  }

  @Override
  public void evicted(long bytes) {
    others.evicted(bytes);
  }

  @Override
  public synchronized void gone(Departure image) {
    last.addFirst(image);
    if (last.size() > MOST) {
      last.removeLast();
    }
  }

  @Override
  public void refused() {
    others.refused();
  }
}
