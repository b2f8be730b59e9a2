package dev.weir.bench;

import java.util.EnumMap;
import java.util.Map;

/** The figures of one round against one server. */
record Round(Map<Figure, Double> figures) {
  private static final double MICROS = 1e6;
  private static final double GIB = 1 << 30;

  Round {
    figures = Map.copyOf(figures);
  }

  static Round of(Figure figure, double value) {
    return new Round(Map.of(figure, value));
  }

  /**
   * @param cpuSeconds of the server while it bore the load
   * @param residentMebibytes of the server after it
   */
  static Round of(Load load, double cpuSeconds, double residentMebibytes) {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.SECONDS, load.seconds());
    figures.put(Figure.CPU_SECONDS, cpuSeconds);
    figures.put(Figure.P99, load.p99Millis());
    figures.put(Figure.RESIDENT, residentMebibytes);
    figures.put(Figure.REQUESTS_PER_SECOND, load.requests() / load.seconds());
    figures.put(Figure.CPU_PER_REQUEST, cpuSeconds * MICROS / load.requests());
    figures.put(Figure.GIB_PER_SECOND, load.bytes() / GIB / load.seconds());
    figures.put(Figure.CPU_PER_GIB, cpuSeconds * GIB / load.bytes());
    return new Round(figures);
  }

  Round with(Figure figure, double value) {
    Map<Figure, Double> more = new EnumMap<>(figures);
    more.put(figure, value);
    return new Round(more);
  }
}
