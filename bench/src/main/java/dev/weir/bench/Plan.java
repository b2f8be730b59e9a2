package dev.weir.bench;

/**
 * How much is done.
 *
 * @param rounds counted ones
 * @param seconds of a round that a time bounds
 * @param reduced whether long cases take fewer clients and smaller blobs
 */
record Plan(int rounds, double seconds, boolean reduced) {
  /** Turns before the counted ones, in which a JVM compiles what it will run. */
  int warmUps() {
    return size(2, 1);
  }

  /** All turns that each entrant takes. */
  int turns() {
    return warmUps() + rounds;
  }

  /** The full figure, or in a reduced run the other. */
  int size(int full, int less) {
    return reduced ? less : full;
  }
}
