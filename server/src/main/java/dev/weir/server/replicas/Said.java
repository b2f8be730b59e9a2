package dev.weir.server.replicas;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What the weir that fetches a blob says of it.
 *
 * @param who the place it works in, and which of the processes that worked there it is
 * @param times it has said something
 * @param size of the blob in bytes; -1 as long as it is not known
 * @param received so many bytes
 * @param shared so many from the beginning on are there for others, or would be if they had not been before
 */
record Said(Name who, long times, long size, long received, long shared) {
  private static final int WORDS = 6;

  /** @param process differs from one start to the next */
  record Name(String place, String process) {
    /**
     * Whether it is of this place, where nobody else can be at work on the blob: it was left by an earlier process, or by a
     * download of this one that has ended, or by a claim whose answer was lost.
     */
    boolean isOurs(Name other) {
      return place.equals(other.place);
    }
  }

  byte[] bytes() {
    return String.join(" ", who.place(), who.process(), Long.toString(times), Long.toString(size),
        Long.toString(received), Long.toString(shared)).getBytes(StandardCharsets.US_ASCII);
  }

  static Said parse(byte[] bytes) throws IOException {
    String[] words = new String(bytes, StandardCharsets.US_ASCII).split(" ", WORDS + 1);
    try {
      if (words.length == WORDS) {
        return new Said(new Name(words[0], words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]),
            Long.parseLong(words[4]), Long.parseLong(words[5]));
      }
    } catch (@SuppressWarnings("UnusedException") NumberFormatException e) { // as with too few words
    }
    throw new IOException("what another weir says of the blob it fetches cannot be read");
  }
}
