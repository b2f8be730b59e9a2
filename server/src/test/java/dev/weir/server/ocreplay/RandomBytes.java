package dev.weir.server.ocreplay;

import java.io.InputStream;
import java.util.SplittableRandom;

/** Bytes that follow from a seed, however they are read. For one thread. */
final class RandomBytes extends InputStream {
  private static final int BUFFER_BYTES = 1 << 16;

  private final SplittableRandom random;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int next = BUFFER_BYTES;
  private long left;

  RandomBytes(long seed, long size) {
    this.random = new SplittableRandom(seed);
    this.left = size;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    if (next == BUFFER_BYTES) {
      random.nextBytes(buffer);
      next = 0;
    }
    int count = (int) Math.min(Math.min(length, BUFFER_BYTES - next), left);
    System.arraycopy(buffer, next, target, offset, count);
    next += count;
    left -= count;
    return count;
  }
}
