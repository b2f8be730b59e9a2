package dev.weir.storage;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what changes for those who read: a manifest, a tag or a blob that goes, a tag that is set, a manifest that is pushed.
 * A blob or a manifest that comes from upstream changes nothing that could be read before. Thread-safe.
 *
 * <p>A change is counted after it is made and before the method that makes it returns: whoever remembers what was read
 * while the count stood still has read nothing that was gone by then.
 */
public final class Changes {
  private final AtomicLong count = new AtomicLong();
  private final List<Runnable> told = new CopyOnWriteArrayList<>();

  /** So many since the start of the process. */
  public long count() {
    return count.get();
  }

  /** @param listener told of every change once it is counted, on the thread that makes it; must not wait or throw */
  public void listen(Runnable listener) {
    told.add(listener);
  }

  void happened() {
    count.incrementAndGet();
    told.forEach(Runnable::run);
  }
}
