package dev.weir.bench;

import java.io.IOException;
import java.util.List;

/** Lets all entrants of a case take their turns, so that a machine that slows down slows all of them. */
record Turns(Plan plan) {
  Results run(Case each, Site site) throws IOException, InterruptedException {
    List<Entrant> entrants = each.stage().set(site);
    Results results = new Results(entrants.stream().map(Entrant::name).toList());
    for (int turn = 0; turn < plan.turns(); turn++) {
      for (Entrant entrant : turn % 2 == 0 ? entrants : entrants.reversed()) {
        Round round = entrant.turn().take();
        if (turn >= plan.warmUps()) {
          results.add(entrant.name(), round);
        }
      }
    }
    return results;
  }
}
