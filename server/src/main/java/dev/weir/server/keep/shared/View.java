package dev.weir.server.keep.shared;

import java.util.Optional;

import dev.weir.storage.Digest;

/**
 * What a weir knows of the list that is in force.
 *
 * @param stage empty: there is none
 * @param list that the stage names
 * @param askedAt when it began to ask, in nanoseconds: all that was published before is known
 * @param since when the list was first seen, in nanoseconds
 * @param unchangedSince when the stage was first seen as it is
 */
record View(Optional<Stage> stage, Optional<Condemned> list, long askedAt, long since, long unchangedSince) {
  static View none(long askedAt) {
    return new View(Optional.empty(), Optional.empty(), askedAt, askedAt, askedAt);
  }

  /** What is to become of a blob. */
  sealed interface Fate {}

  /** It is on no list, or what the list says of it is done: nothing deletes it, whether it is there or not. */
  record Free() implements Fate {}

  /** It goes unless somebody says that it is to be kept. */
  record Going(String list, int portion) implements Fate {}

  /** It is being deleted, unless somebody had it kept: it is known in a moment. */
  record Undecided(String list) implements Fate {}

  Fate of(Digest blob) {
    if (stage.isEmpty() || list.isEmpty()) {
      return new Free();
    }
    int portion = list.get().portionOf(blob);
    int now = stage.get().portion();
    if (portion == Condemned.NOWHERE || portion < now) {
      return new Free();
    }
    String name = stage.get().list();
    return portion == now ? new Undecided(name) : new Going(name, portion);
  }
}
