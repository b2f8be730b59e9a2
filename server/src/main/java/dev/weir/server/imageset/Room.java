package dev.weir.server.imageset;

import java.io.IOException;

/** What may be kept of one catalog. The largest that there are have a tenth of it; an index can claim anything. */
final class Room {
  /** What a text needs in memory beside its characters, with its place in a list. */
  private static final int EACH = 64;
  private static final long ALL = 64L << 20;

  private long left;

  Room() {
    this(ALL);
  }

  Room(long bytes) {
    left = bytes;
  }

  /** @throws IOException if there is no room for it; the message is the end of a sentence about the catalog */
  String kept(String text) throws IOException {
    left -= EACH + text.length();
    if (left < 0) {
      throw new IOException("it lists more images and versions than any catalog has");
    }
    return text;
  }
}
