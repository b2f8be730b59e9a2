package dev.weir.server.space;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

import dev.weir.storage.Digest;

/**
 * Small numbers for digests, in 40 to 70 bytes each; a number that was given back is given out again. For one thread at a
 * time.
 */
final class DigestTable {
  static final int NONE = -1;
  private static final int WORDS = 4;
  private static final int WORD_DIGITS = 16;
  private static final int FIRST_SLOTS = 64;

  /** The first 32 bytes of each digest. */
  private long[] words = new long[0];
  /** A number and one more; 0: free. A power of two of them, at most three quarters taken. */
  private int[] slots = new int[FIRST_SLOTS];
  private int[] free = new int[0];
  private int freeCount;
  private int numbers;
  /** Those that are longer than the words tell, by their numbers. */
  private final Map<Integer, Digest> longer = new HashMap<>();

  /** One more than the greatest number that was ever given out. */
  int end() {
    return numbers;
  }

  /** {@link #NONE}: it has no number. */
  int find(Digest digest) {
    int at = slotOf(digest);
    return slots[at] - 1;
  }

  /** Its number, new where it had none. */
  int add(Digest digest) {
    int at = slotOf(digest);
    if (slots[at] != 0) {
      return slots[at] - 1;
    }
    int number = freeCount > 0 ? free[--freeCount] : numbers++;
    if (number * WORDS == words.length) {
      words = Arrays.copyOf(words, Math.max(FIRST_SLOTS, grown(numbers) * WORDS));
    }
    for (int i = 0; i < WORDS; i++) {
      words[number * WORDS + i] = word(digest, i);
    }
    if (isLonger(digest)) {
      longer.put(number, digest);
    }
    slots[at] = number + 1;
    if ((numbers - freeCount) * 4L > slots.length * 3L) {
      rehash();
    }
    return number;
  }

  /** The size of an array that is to hold so many, and some more before it has to grow again. */
  static int grown(int needed) {
    return needed + (needed >> 2) + WORDS;
  }

  Digest digest(int number) {
    Digest known = longer.get(number);
    if (known != null) {
      return known;
    }
    StringBuilder hex = new StringBuilder(WORDS * WORD_DIGITS);
    for (int i = 0; i < WORDS; i++) {
      hex.append(HexFormat.of().toHexDigits(words[number * WORDS + i]));
    }
    return new Digest(Digest.Algorithm.SHA256, hex.toString());
  }

  /** Gives a number back. Those behind it in the table move up, so that none is lost behind a gap. */
  void remove(int number) {
    int gap = slotOf(digest(number));
    longer.remove(number);
    int mask = slots.length - 1;
    for (int at = (gap + 1) & mask; slots[at] != 0; at = (at + 1) & mask) {
      int home = home(words[(slots[at] - 1) * WORDS]);
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        slots[gap] = slots[at];
        gap = at;
      }
    }
    slots[gap] = 0;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, grown(freeCount + 1));
    }
    free[freeCount++] = number;
  }

  private int slotOf(Digest digest) {
    int at = home(word(digest, 0));
    while (slots[at] != 0 && !isAt(slots[at] - 1, digest)) {
      at = (at + 1) & (slots.length - 1);
    }
    return at;
  }

  /** Where a digest is looked for first; its own bits are as random as any. */
  private int home(long firstWord) {
    return (int) firstWord & (slots.length - 1);
  }

  private boolean isAt(int number, Digest digest) {
    for (int i = 0; i < WORDS; i++) {
      if (words[number * WORDS + i] != word(digest, i)) {
        return false;
      }
    }
    Digest known = longer.get(number);
    return known == null ? !isLonger(digest) : known.equals(digest);
  }

  private void rehash() {
    int[] before = slots;
    slots = new int[before.length * 2];
    for (int taken : before) {
      if (taken != 0) {
        int at = home(words[(taken - 1) * WORDS]);
        while (slots[at] != 0) {
          at = (at + 1) & (slots.length - 1);
        }
        slots[at] = taken;
      }
    }
  }

  private static boolean isLonger(Digest digest) {
    return digest.hex().length() > WORDS * WORD_DIGITS;
  }

  private static long word(Digest digest, int index) {
    return HexFormat.fromHexDigitsToLong(digest.hex(), index * WORD_DIGITS, (index + 1) * WORD_DIGITS);
  }
}
