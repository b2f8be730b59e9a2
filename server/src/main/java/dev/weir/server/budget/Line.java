package dev.weir.server.budget;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Those who wait for their turn: the more urgent before the others, and among equals who came first. How urgent somebody
 * is may change while he waits. Guarded by whoever owns it.
 */
final class Line {
  /** Of one who waits. */
  record Place(Supplier<Urgency> urgency, long number) {}

  private static final Comparator<Place> ORDER = Comparator.<Place, Urgency>comparing(place -> place.urgency().get())
      .thenComparingLong(Place::number);

  private final List<Place> waiting = new ArrayList<>();
  private long next;

  Place join(Supplier<Urgency> urgency) {
    Place place = new Place(urgency, next++);
    waiting.add(place);
    return place;
  }

  void leave(Place place) {
    waiting.remove(place);
  }

  boolean isFirst(Place place) {
    return waiting.stream().min(ORDER).filter(place::equals).isPresent();
  }

  /** How urgent the first is; empty: nobody waits. */
  Optional<Urgency> first() {
    return waiting.stream().map(place -> place.urgency().get()).min(Comparator.naturalOrder());
  }
}
