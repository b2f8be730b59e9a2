package dev.weir.server.space;

import java.util.Collection;

/**
 * How much room there is for something large. In bytes of the disk.
 *
 * @param bound never to be passed
 * @param used of that, or promised
 * @param disk what the file system still takes
 * @param free of both, less what is kept back for small things
 * @param evictable what may go to make more
 * @param isKnown whether all that is held was counted; until then there may be more
 */
public record Leeway(long bound, long used, long disk, long free, long evictable, boolean isKnown) {
  /** Where nobody knows of a bound. */
  public static final Leeway UNBOUNDED = new Leeway(Long.MAX_VALUE, 0, Long.MAX_VALUE, Long.MAX_VALUE, 0, true);

  /** Whether so much fits, as far as is known. */
  public boolean takes(long bytes) {
    return bytes <= most();
  }

  /** What fits at most, as far as is known. */
  public long most() {
    return sum(free, evictable);
  }

  /** What files of these sizes take. */
  public static long onDisk(Collection<Long> sizes) {
    return sizes.stream().mapToLong(Blocks::of).reduce(0, Leeway::sum);
  }

  /** More than can be counted is as much as can be counted. Neither is negative. */
  public static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }
}
