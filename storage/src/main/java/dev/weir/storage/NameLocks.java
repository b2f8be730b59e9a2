package dev.weir.storage;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Lets one writer at a time look at what a name stands for and then change it. Held over the store's few small writes
 * for that one name; readers never take it. Names share a fixed number of locks, so nobody may hold two.
 */
final class NameLocks {
  private static final int STRIPES = 256;

  private final Lock[] stripes = Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(Lock[]::new);

  Lock of(ObjectKey name) {
    return stripes[Math.floorMod(name.hashCode() * 0x9E3779B9, STRIPES)];
  }
}
