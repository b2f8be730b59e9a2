package dev.weir.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The counted rounds of a case, by entrant. */
final class Results {
  private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

  /** @param entrants in the order in which they are shown */
  Results(List<String> entrants) {
    entrants.forEach(name -> rounds.put(name, new ArrayList<>()));
  }

  void add(String entrant, Round round) {
    rounds.computeIfAbsent(entrant, name -> new ArrayList<>()).add(round);
  }

  List<String> entrants() {
    return List.copyOf(rounds.keySet());
  }

  boolean has(String entrant, Figure figure) {
    return rounds.getOrDefault(entrant, List.of()).stream().anyMatch(round -> round.figures().containsKey(figure));
  }

  /** The middle one, which a disturbed round does not move; of an even number, the mean of the middle two. */
  double median(String entrant, Figure figure) {
    double[] sorted = sorted(entrant, figure);
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double least(String entrant, Figure figure) {
    return sorted(entrant, figure)[0];
  }

  double most(String entrant, Figure figure) {
    double[] sorted = sorted(entrant, figure);
    return sorted[sorted.length - 1];
  }

  private double[] sorted(String entrant, Figure figure) {
    return rounds.getOrDefault(entrant, List.of()).stream().map(Round::figures)
        .filter(figures -> figures.containsKey(figure)).mapToDouble(figures -> figures.getOrDefault(figure, Double.NaN))
        .sorted().toArray();
  }
}
