package dev.weir.server.space;

import java.util.Arrays;
import java.util.stream.IntStream;

import dev.weir.storage.ContentListener.Keeping;

/**
 * A manifest, by the number of its digest: where it is held, what it names, and who names it. One that only its parents
 * know is here too, empty. For one thread at a time.
 */
final class Image {
  private static final int[] NOTHING = {};
  private static final long[] NOWHERE = {};
  private static final int CACHED = 0;
  private static final int OWNED = 1;
  private static final int PINNED = 2;

  final int id;
  /** What it names, once its document was read. */
  int[] blobs = NOTHING;
  int[] children = NOTHING;
  boolean isRead;
  /** Those held that name it. */
  int[] parents = NOTHING;
  /** How many reasons there are to keep it: that somebody owns or pinned it, and each parent that is kept. */
  int keepers;
  /** When it, or what it names, was asked for last; as {@link Holdings} counts. */
  long usedAt;
  /** A repository's number, and below it the walk that saw it there last, and how it is kept. */
  private long[] places = NOWHERE;

  Image(int id) {
    this.id = id;
  }

  boolean isHeld() {
    return places.length > 0;
  }

  int[] repositories() {
    return Arrays.stream(places).mapToInt(place -> (int) (place >> 32)).toArray();
  }

  boolean isAt(int repository) {
    return indexOf(repository) >= 0;
  }

  boolean isAtAny(int... repositories) {
    for (int repository : repositories) {
      if (isAt(repository)) {
        return true;
      }
    }
    return false;
  }

  /** How the repository, which has it, keeps it. */
  Keeping keepingAt(int repository) {
    return switch ((int) (places[indexOf(repository)] & 0xff)) {
      case OWNED -> Keeping.OWNED;
      case PINNED -> Keeping.PINNED;
      default -> Keeping.CACHED;
    };
  }

  boolean wasSeen(int repository, byte walk) {
    return (byte) (places[indexOf(repository)] >> 8) == walk;
  }

  /** Whether a person wants it somewhere. */
  boolean isWanted() {
    return Arrays.stream(places).anyMatch(place -> (place & 0xff) != CACHED);
  }

  void put(int repository, Keeping keeping, byte walk) {
    int at = indexOf(repository);
    if (at < 0) {
      at = places.length;
      places = Arrays.copyOf(places, at + 1);
    }
    places[at] = ((long) repository << 32) | (walk & 0xffL) << 8 | code(keeping);
  }

  void take(int repository) {
    places = Arrays.stream(places).filter(place -> (int) (place >> 32) != repository).toArray();
  }

  void addParent(int parent) {
    parents = Arrays.copyOf(parents, parents.length + 1);
    parents[parents.length - 1] = parent;
  }

  void removeParent(int parent) {
    parents = Arrays.stream(parents).filter(each -> each != parent).toArray();
  }

  /** Numbers of what it names: of blobs, then of manifests. */
  IntStream named() {
    return IntStream.concat(Arrays.stream(blobs), Arrays.stream(children));
  }

  /** Its own number, and what it names. */
  IntStream itselfAndNamed() {
    return IntStream.concat(IntStream.of(id), named());
  }

  /** Gives up what it named. */
  void forgetDocument() {
    blobs = NOTHING;
    children = NOTHING;
    isRead = false;
  }

  private static int code(Keeping keeping) {
    return switch (keeping) {
      case CACHED -> CACHED;
      case OWNED -> OWNED;
      case PINNED -> PINNED;
    };
  }

  private int indexOf(int repository) {
    for (int i = 0; i < places.length; i++) {
      if ((int) (places[i] >> 32) == repository) {
        return i;
      }
    }
    return -1;
  }
}
