package dev.weir.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One round.
 *
 * @param wallSeconds from the first request to the last answer
 * @param cpuSeconds of the server's process
 */
record Measurement(double wallSeconds, double cpuSeconds) {
  /** The middle one, which a disturbed round does not move. */
  static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
    return rounds.stream().mapToDouble(figure).sorted().skip(rounds.size() / 2).findFirst().orElseThrow();
  }
}
