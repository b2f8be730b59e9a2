package dev.weir.storage;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what changes for those who read: a manifest or a tag that goes, a tag that is set, a manifest that is pushed.
 * A blob or a manifest that comes from upstream changes nothing that could be read before. Thread-safe.
 *
 * <p>A change is counted after it is made and before the method that makes it returns: whoever remembers what was read
 * while the count stood still has read nothing that was gone by then.
 */
public final class Changes {
  private final AtomicLong count = new AtomicLong();

  /** So many since the start of the process. */
  public long count() {
    return count.get();
  }

  void happened() {
    count.incrementAndGet();
  }
}
