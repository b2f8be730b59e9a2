package dev.weir.server.cli;

/** How fast bytes come, over the last seconds. For one thread. */
final class Speed {
  private static final double SMOOTHING_NANOS = 5e9;
  private static final double NANOS = 1e9;

  private boolean hasBegun;
  private long lastBytes;
  private long lastNanos;
  private double rate;
  /** How much of a measure it is by now: less than the whole at the beginning. */
  private double weight;

  void at(long bytes, long nanos) {
    if (hasBegun && nanos > lastNanos && bytes >= lastBytes) {
      double step = nanos - lastNanos;
      double share = 1 - Math.exp(-step / SMOOTHING_NANOS);
      rate += share * ((bytes - lastBytes) / step * NANOS - rate);
      weight += share * (1 - weight);
    }
    hasBegun = true;
    lastBytes = bytes;
    lastNanos = nanos;
  }

  /** 0: not known. */
  long bytesPerSecond() {
    return weight == 0 ? 0 : (long) (rate / weight);
  }
}
