package dev.weir.server.config;

import java.util.Optional;

/**
 * How much of the link downloads of one upstream's content may use together.
 *
 * @param maxConcurrent transfers at once
 * @param maxSegments streams at once that one blob may have
 */
public record BudgetConfig(Optional<ByteRate> maxRate, Optional<Integer> maxConcurrent, int maxSegments) {
  static final BudgetConfig DEFAULT = new BudgetConfig(Optional.empty(), Optional.empty(), 8);
}
