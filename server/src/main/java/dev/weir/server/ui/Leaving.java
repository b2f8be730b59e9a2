package dev.weir.server.ui;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** Tells the first request of a log-out, which is refused, from the next, which has the new credentials. Thread-safe. */
final class Leaving {
  private static final int MOST = 1_000;
  private static final int LONGEST = 64;

  @GuardedBy("this") private final Set<String> begun = new LinkedHashSet<>();

  /** @param turn that the page made up for this log-out; one that was forgotten, of very many, begins once more */
  synchronized boolean begins(String turn) {
    if (turn.isEmpty() || turn.length() > LONGEST || begun.remove(turn)) {
      return false;
    }
    begun.add(turn);
    if (begun.size() > MOST) {
      Iterator<String> oldest = begun.iterator();
      oldest.next();
      oldest.remove();
    }
    return true;
  }
}
