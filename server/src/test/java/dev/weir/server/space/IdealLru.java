package dev.weir.server.space;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Least recently used, as the book has it: what is asked for goes in, and only as much goes out as has to. */
final class IdealLru {
  private final long capacity;
  private final Map<Integer, Long> held = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  IdealLru(long capacity) {
    this.capacity = capacity;
  }

  /** Whether it was held. */
  boolean get(int number, long size) {
    if (held.get(number) != null) {
      return true;
    }
    held.put(number, size);
    bytes += size;
    for (Iterator<Long> oldest = held.values().iterator(); bytes > capacity; oldest.remove()) {
      bytes -= oldest.next();
    }
    return false;
  }
}
