package dev.weir.server.keep.shared;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.storage.Digest;

/**
 * A list of images that go for want of room, and of blobs that no manifest names: they go, portion by portion, unless somebody
 * comes to count on them. Never changes.
 */
final class Condemned {
  /** What goes beyond is on the next list: everybody holds this one in memory, 200 bytes a blob. */
  static final int MOST = 20_000;
  /** Beside these, manifests of whole images, but for the last image. */
  static final int MOST_IMAGES = 2_000;
  /** Blobs; while these are deleted, whoever counts on one of them waits. */
  static final int PORTION = 200;
  /** Images, of which each takes the time of some 30 requests: the same in about two seconds. */
  static final int IMAGE_PORTION = 25;
  static final int NOWHERE = -1;

  private static final Comparator<Digest> ORDER = Comparator.comparing(Digest::hex).thenComparing(Digest::algorithm);
  private static final Pattern HEAD = Pattern.compile("([0-9]{1,18})(?: ([0-9]{1,9}))?");

  private final String id;
  private final long bytes;
  private final List<Digest> all;
  private final int images;
  private final Map<Digest, Integer> places = new HashMap<>();

  private Condemned(String id, long bytes, List<Digest> all, int images) {
    this.id = id;
    this.bytes = bytes;
    this.all = List.copyOf(all);
    this.images = images;
    for (int at = 0; at < all.size(); at++) {
      places.put(all.get(at), at);
    }
  }

  static Condemned of(String id, long bytes, Collection<Digest> blobs) {
    return of(id, bytes, List.of(), blobs);
  }

  /**
   * A new list.
   *
   * @param id as no other list is called
   * @param bytes what all of them come to
   * @param images manifests, each after those that name it; no blob is among them
   */
  static Condemned of(String id, long bytes, List<Digest> images, Collection<Digest> blobs) {
    List<Digest> all = new ArrayList<>(images);
    blobs.stream().distinct().sorted(ORDER).forEach(all::add);
    return new Condemned(id, bytes, all, images.size());
  }

  String id() {
    return id;
  }

  long bytes() {
    return bytes;
  }

  /** Manifests that go from the repositories that have them, each after those that name it. */
  List<Digest> images() {
    return all.subList(0, images);
  }

  /** In the order of their digests. */
  List<Digest> blobs() {
    return all.subList(images, all.size());
  }

  int portions() {
    return imagePortions() + (all.size() - images + PORTION - 1) / PORTION;
  }

  /** The first so many are of images, and the others of blobs. */
  int imagePortions() {
    return (images + IMAGE_PORTION - 1) / IMAGE_PORTION;
  }

  List<Digest> portion(int number) {
    int ofBlobs = number - imagePortions();
    return ofBlobs < 0 ? part(images(), IMAGE_PORTION, number) : part(blobs(), PORTION, ofBlobs);
  }

  private static List<Digest> part(List<Digest> whole, int size, int number) {
    return whole.subList(number * size, Math.min(whole.size(), (number + 1) * size));
  }

  boolean isImage(Digest digest) {
    return places.getOrDefault(digest, images) < images;
  }

  /** The portion that the blob or image is in, or {@link #NOWHERE}. */
  int portionOf(Digest digest) {
    Integer at = places.get(digest);
    if (at == null) {
      return NOWHERE;
    }
    return at < images ? at / IMAGE_PORTION : imagePortions() + (at - images) / PORTION;
  }

  byte[] text() {
    StringBuilder text = new StringBuilder().append(bytes);
    if (images > 0) { // weirs of before there were any read the others
      text.append(' ').append(images);
    }
    text.append('\n');
    all.forEach(each -> text.append(each).append('\n'));
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** @throws IllegalArgumentException if it is none */
  static Condemned parse(String id, byte[] text) {
    List<String> lines = new String(text, StandardCharsets.US_ASCII).lines().toList();
    Matcher head = HEAD.matcher(lines.isEmpty() ? "" : lines.getFirst());
    if (!head.matches()) {
      throw new IllegalArgumentException("it does not begin as a list");
    }
    List<Digest> all = lines.subList(1, lines.size()).stream().map(Digest::parse).toList();
    int images = head.group(2) == null ? 0 : Integer.parseInt(head.group(2));
    if (images > all.size()) {
      throw new IllegalArgumentException("a list of " + images + " images that names " + all.size());
    }
    return new Condemned(id, Long.parseLong(head.group(1)), all, images);
  }
}
