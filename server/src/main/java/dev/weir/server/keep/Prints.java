package dev.weir.server.keep;

import java.util.HexFormat;

import dev.weir.storage.Digest;

/**
 * Digests by their first 64 bits, in 16 to 32 bytes each, however many there are: one may be taken for another that begins
 * alike, so that it counts as here and is not; never the other way round. For one thread at a time.
 */
final class Prints {
  private static final int DIGITS = 16;
  private static final int FIRST_SLOTS = 1024;

  /** 0: free. A power of two of them, at most half taken. */
  private long[] slots = new long[FIRST_SLOTS];
  private int count;

  void add(Digest digest) {
    if (put(slots, print(digest))) {
      count++;
    }
    if (count * 2L > slots.length) {
      long[] more = new long[slots.length * 2];
      for (long each : slots) {
        boolean _ = each != 0 && put(more, each);
      }
      slots = more;
    }
  }

  boolean contains(Digest digest) {
    long print = print(digest);
    return slots[slot(slots, print)] == print;
  }

  private static boolean put(long[] in, long print) {
    int at = slot(in, print);
    boolean isNew = in[at] == 0;
    in[at] = print;
    return isNew;
  }

  /** Where it is, or belongs. */
  private static int slot(long[] in, long print) {
    int at = (int) print & in.length - 1;
    while (in[at] != 0 && in[at] != print) {
      at = at + 1 & in.length - 1;
    }
    return at;
  }

  private static long print(Digest digest) {
    long first = HexFormat.fromHexDigitsToLong(digest.hex(), 0, DIGITS);
    return first == 0 ? 1 : first;
  }
}
