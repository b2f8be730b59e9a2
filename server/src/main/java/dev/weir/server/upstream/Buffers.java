package dev.weir.server.upstream;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Memory outside the heap that what comes in is read into, used again and again. Thread-safe. Whoever is not sure that
 * nobody reads in a buffer any more does not give it back, and the garbage collector takes it.
 */
final class Buffers {
  /** What a socket gives at once, if its sender is fast. More of it costs more memory than it saves calls. */
  static final int BYTES = 256 * 1024;
  private static final int MOST_KEPT = 16;

  private final ArrayBlockingQueue<ByteBuffer> kept = new ArrayBlockingQueue<>(MOST_KEPT);

  /** An empty one. */
  ByteBuffer take() {
    ByteBuffer known = kept.poll();
    return known == null ? ByteBuffer.allocateDirect(BYTES) : known.clear();
  }

  /** Nobody reads or writes in it any more. */
  void giveBack(ByteBuffer buffer) {
    var _ = kept.offer(buffer); // or it is one too many
  }
}
