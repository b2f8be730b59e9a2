package dev.weir.server.ui;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** The last so many samples. For one thread at a time. */
final class Ring {
  private static final int COLUMNS = 5;

  /** Five numbers a sample: when, hits, misses, bytes pulled, bytes sent. */
  private final long[] values;
  private final int capacity;
  private int next;
  private int count;

  Ring(int capacity) {
    this.capacity = capacity;
    this.values = new long[capacity * COLUMNS];
  }

  void add(long at, History.Counts counts) {
    long[] sample = {at, counts.hits(), counts.misses(), counts.pulled(), counts.sent()};
    System.arraycopy(sample, 0, values, next * COLUMNS, COLUMNS);
    next = (next + 1) % capacity;
    count = Math.min(count + 1, capacity);
  }

  /** What it has, the oldest first, and then one that is not over. */
  History.Plot plot(long step, long now, History.Counts current) {
    return new History.Plot(step, column(0, now), column(1, current.hits()), column(2, current.misses()),
        column(3, current.pulled()), column(4, current.sent()));
  }

  private List<Long> column(int column, long last) {
    long[] found = new long[count + 1];
    Arrays.setAll(found, row -> row == count
        ? last
        : values[(next - count + row + capacity) % capacity * COLUMNS + column]);
    return LongStream.of(found).boxed().toList();
  }
}
