package dev.weir.bench;

/**
 * How much is done.
 *
 * @param rounds counted ones; one more warms up
 * @param seconds of a round that a time bounds
 * @param reduced whether long cases take fewer clients and smaller blobs
 */
record Plan(int rounds, double seconds, boolean reduced) {
  /** The full figure, or in a reduced run the other. */
  int size(int full, int less) {
    return reduced ? less : full;
  }
}
