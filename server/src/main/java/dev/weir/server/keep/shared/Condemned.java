package dev.weir.server.keep.shared;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

import dev.weir.storage.Digest;

/**
 * A list of blobs that no manifest names: they go, portion by portion, unless somebody comes to count on them.
 *
 * @param id as no other list is called
 * @param bytes what they come to
 * @param blobs in the order of their digests
 */
record Condemned(String id, long bytes, List<Digest> blobs) {
  /** What goes beyond is on the next list: everybody holds this one in memory, 150 bytes a blob. */
  static final int MOST = 20_000;
  /** While one is deleted, whoever asks for what is in it waits. */
  static final int PORTION = 200;
  static final int NOWHERE = -1;

  private static final Comparator<Digest> ORDER = Comparator.comparing(Digest::hex).thenComparing(Digest::algorithm);

  Condemned {
    blobs = List.copyOf(blobs);
  }

  static Condemned of(String id, long bytes, Collection<Digest> blobs) {
    return new Condemned(id, bytes, blobs.stream().distinct().sorted(ORDER).toList());
  }

  int portions() {
    return (blobs.size() + PORTION - 1) / PORTION;
  }

  List<Digest> portion(int number) {
    return blobs.subList(number * PORTION, Math.min(blobs.size(), (number + 1) * PORTION));
  }

  /** The portion that the blob is in, or {@link #NOWHERE}. */
  int portionOf(Digest blob) {
    int at = Collections.binarySearch(blobs, blob, ORDER);
    return at < 0 ? NOWHERE : at / PORTION;
  }

  byte[] text() {
    StringBuilder text = new StringBuilder().append(bytes).append('\n');
    blobs.forEach(blob -> text.append(blob).append('\n'));
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** @throws IllegalArgumentException if it is none */
  static Condemned parse(String id, byte[] text) {
    List<String> lines = new String(text, StandardCharsets.US_ASCII).lines().toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("an empty list");
    }
    List<Digest> blobs = new ArrayList<>();
    lines.subList(1, lines.size()).forEach(line -> blobs.add(Digest.parse(line)));
    return of(id, Long.parseLong(lines.getFirst()), blobs);
  }
}
