package dev.weir.server.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** How many hold something that is open; at first whoever opened it does. Thread-safe. */
final class Holders {
  @GuardedBy("this") private int count = 1;

  /** One more. False: too late, there is none any more. */
  synchronized boolean retain() {
    if (count == 0) {
      return false;
    }
    count++;
    return true;
  }

  /** One less. True: it was the last, and closes what they held. */
  synchronized boolean release() {
    count--;
    return count == 0;
  }

  /** Whether there is more than one. */
  synchronized boolean isShared() {
    return count > 1;
  }
}
