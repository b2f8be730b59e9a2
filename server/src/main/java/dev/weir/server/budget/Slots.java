package dev.weir.server.budget;

import java.util.function.Supplier;

/** So many at once, in turn. Guarded by whoever owns it. */
final class Slots {
  private final Line line = new Line();
  private int free;

  Slots(int number) {
    this.free = number;
  }

  Line.Place join(Supplier<Urgency> urgency) {
    return line.join(urgency);
  }

  /** Whether the one in line could take it now; if so, it has left the line with it. */
  boolean take(Line.Place place) {
    if (free == 0 || !line.isFirst(place)) {
      return false;
    }
    line.leave(place);
    free--;
    return true;
  }

  /** For one who does not wait, and goes before nobody. */
  boolean takeSpare() {
    if (free == 0 || line.first().isPresent()) {
      return false;
    }
    free--;
    return true;
  }

  void leave(Line.Place place) {
    line.leave(place);
  }

  void give() {
    free++;
  }

  /** Whether anybody waits. */
  boolean isWanted() {
    return line.first().isPresent();
  }

  /** Whether somebody waits for it who goes before one of this urgency. */
  boolean isWantedBy(Urgency moreThan) {
    return line.first().filter(first -> first.compareTo(moreThan) < 0).isPresent();
  }
}
