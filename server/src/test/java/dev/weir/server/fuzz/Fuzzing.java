package dev.weir.server.fuzz;

import java.time.Duration;

/**
 * Runs cases made up from seeds, for a share of the time that fuzzing has in a build: {@code weir.test.fuzz-seconds}, 60
 * unless set. A case that fails names its seed, and {@code -Dweir.test.fuzz-seed} begins with that one. Every build tries
 * the same cases, as far as it comes; only where the time is set, and no seed, are they others each time.
 */
public final class Fuzzing {
  private static final String SEED = "weir.test.fuzz-seed";
  private static final String TIME = "weir.test.fuzz-seconds";
  private static final long SECONDS = Long.getLong(TIME, 60);
  private static final boolean SEARCHES = System.getProperty(TIME) != null || System.getProperty(SEED) != null;
  /** So that a fast machine comes to none that was never tried before. */
  private static final long MOST_FOR_A_PERCENT = 10_000;

  private Fuzzing() {}

  /** One case; what it throws is what was found. */
  @FunctionalInterface
  public interface Case {
    void run(Noise noise) throws Exception;
  }

  /** @param percent of the time; at least one case is run */
  public static void run(int percent, Case target) {
    long first = Long.getLong(SEED, SEARCHES ? System.nanoTime() : 1);
    long last = SEARCHES ? Long.MAX_VALUE : MOST_FOR_A_PERCENT * percent;
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos() / 100 * percent;
    long seed = first;
    do {
      try {
        target.run(new Noise(seed));
      } catch (Exception | AssertionError | StackOverflowError e) {
        throw new AssertionError("fails with -D" + SEED + "=" + seed + ": " + e, e);
      }
      seed++;
    } while (System.nanoTime() < end && seed <= last);
    System.out.printf("%d cases from -D%s=%d%n", seed - first, SEED, first);
  }
}
