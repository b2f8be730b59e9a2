package dev.weir.bench;

import java.util.Locale;

/** What is read off a round. */
enum Figure {
  REQUESTS_PER_SECOND("requests/s", 0), CPU_PER_REQUEST("CPU µs per request", 1), GIB_PER_SECOND("GiB/s",
      2), CPU_PER_GIB("CPU s per GiB", 3), SECONDS("s", 3), CPU_SECONDS("CPU s", 3), P99("p99 ms", 2), RESIDENT(
          "resident MiB",
          0), KIB_PER_CONNECTION("KiB a connection",
              1), UPSTREAM_REQUESTS("requests upstream", 0), UPSTREAM_BYTES("upstream bytes, times the blob", 3);

  private final String label;
  private final int digits;

  Figure(String label, int digits) {
    this.label = label;
    this.digits = digits;
  }

  /** Name and unit, as the head of a column. */
  String label() {
    return label;
  }

  /** Whether no machine, however busy, may make it another. */
  boolean isCounted() {
    return this == UPSTREAM_REQUESTS || this == UPSTREAM_BYTES;
  }

  String show(double value) {
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
