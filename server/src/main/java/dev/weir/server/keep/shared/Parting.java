package dev.weir.server.keep.shared;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.weir.server.space.Pruning;
import dev.weir.storage.Digest;

/**
 * Which of a list's images go indeed: those that are too much still and that nobody kept, with all that they name, and an
 * index before what it names. For one thread.
 */
final class Parting {
  private final Pruning found;
  private final Way way;
  private final long youngest;
  private final Set<Digest> needed;
  /** Kept, or an image above what was kept. */
  private final Set<Digest> staying;
  private final Set<Digest> gone = new HashSet<>();

  /** How images go. */
  @FunctionalInterface
  interface Way {
    /** Takes them away; those that are gone. What turns out to be wanted stays. */
    List<Digest> take(List<Pruning.Found> images) throws IOException;
  }

  /**
   * None went yet.
   *
   * @param kept so far
   * @param youngest what was asked for since stays; in milliseconds since 1970
   * @param low of the list, no more goes than leaves so many bytes
   */
  Parting(Pruning found, Way way, List<Digest> list, Set<Digest> kept, long youngest, long low) {
    this.found = found;
    this.way = way;
    this.youngest = youngest;
    this.staying = found.upwards(kept);
    this.needed = found.needed(list, staying, youngest, low);
  }

  /** Of no image. */
  static Parting ofNone() {
    return new Parting(new Pruning(), images -> List.of(), List.of(), Set.of(), 0, 0);
  }

  Pruning found() {
    return found;
  }

  /** Those that went. */
  Set<Digest> gone() {
    return gone;
  }

  /**
   * Takes those away that may go.
   *
   * @param kept of this portion, by the time at which nobody could say so any more
   */
  void carryOut(List<Digest> portion, Set<Digest> kept) throws IOException {
    staying.addAll(found.upwards(kept));
    List<Digest> left = new ArrayList<>(portion);
    left.retainAll(needed);
    left.removeAll(staying);
    while (true) {
      List<Digest> next = left.stream().filter(each -> found.mayGo(each, gone, youngest)).toList();
      if (next.isEmpty()) {
        return;
      }
      left.removeAll(next);
      gone.addAll(way.take(next.stream().flatMap(each -> found.find(each).stream()).toList()));
    }
  }
}
