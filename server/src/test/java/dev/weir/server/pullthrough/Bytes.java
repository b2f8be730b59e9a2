package dev.weir.server.pullthrough;

import java.util.SplittableRandom;

/** Content that is the same for the same seed. */
final class Bytes {
  private Bytes() {}

  static byte[] random(long seed, int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}
