package dev.weir.server.upstream;

import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What is to go wrong, in order; each fault once. */
final class FaultScript {
  private record Planned(String part, Fault fault) {}

  private final ConcurrentLinkedQueue<Planned> planned = new ConcurrentLinkedQueue<>();

  void add(String part, Fault fault) {
    planned.add(new Planned(part, fault));
  }

  synchronized Fault take(String target) {
    for (Iterator<Planned> each = planned.iterator(); each.hasNext();) {
      Planned next = each.next();
      if (target.contains(next.part())) {
        each.remove();
        return next.fault();
      }
    }
    return new Fault.None();
  }
}
