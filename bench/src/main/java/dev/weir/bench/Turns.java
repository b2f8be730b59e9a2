package dev.weir.bench;

import java.io.IOException;
import java.util.List;

/** Lets all entrants of a case take their turns, so that a machine that slows down slows all of them. */
record Turns(Plan plan) {
  Results run(Case each, Site site) throws IOException, InterruptedException {
    List<Entrant> entrants = each.stage().set(site);
    Results results = new Results();
    for (Entrant entrant : entrants) {
      entrant.turn().take();
    }
    for (int round = 0; round < plan.rounds(); round++) {
      for (Entrant entrant : round % 2 == 0 ? entrants : entrants.reversed()) {
        results.add(entrant.name(), entrant.turn().take());
      }
    }
    return results;
  }
}
