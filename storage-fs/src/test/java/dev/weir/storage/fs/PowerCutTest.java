package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.disk.Journal;
import dev.weir.storage.disk.Journal.Outcome;
import dev.weir.storage.disk.RecordedDisk;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random work on a store whose disk loses its power after every single change, in every way, or refuses one change or
 * another. More of it: {@code -Dweir.test.power-seeds=1000}.
 */
class PowerCutTest {
  private static final int SEEDS = Integer.getInteger("weir.test.power-seeds", 6);
  private static final long FIRST_SEED = Long.getLong("weir.test.power-seed", 1);
  private static final int STEPS = 40;
  private static final int FAULTS = 120;

  @TempDir Path directory;

  static LongStream seeds() {
    return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingAcknowledgedIsLostAndNothingDamagedIsServed(long seed) throws IOException {
    RecordedDisk disk = new RecordedDisk(directory);
    RandomWork work = new RandomWork(new Random(seed), disk);
    for (int step = 0; step < STEPS; step++) {
      work.step();
    }
    disk.powerCuts().forEach(0, new Random(seed), (at, loss, files) -> work.promises().assertKept(at,
        memory(files), "seed " + seed + ", after change " + at + ", lost: " + loss));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void aDiskThatRefusesAnyOneChangeLosesNothing(Outcome refusal) throws IOException {
    Random random = new Random(FIRST_SEED);
    RecordedDisk disk = new RecordedDisk(directory);
    RandomWork work = new RandomWork(random, disk);
    for (int round = 0; round < FAULTS; round++) {
      int refused = 1 + random.nextInt(30);
      disk.journal().inject((number, change) -> number == refused ? refusal : Outcome.DONE);
      while (disk.journal().attempts() < refused) {
        work.step();
      }
      disk.journal().inject((number, change) -> Outcome.DONE);
      work.promises().assertKept(disk.journal().now(), work.store(), refusal + " at " + refused + " in round " + round);
    }
    assertThat(work.failures()).as("changes that were refused, and felt")
        .matches(n -> refusal == Outcome.SHORT || n > 0);
  }

  static Stream<Outcome> refusals() {
    return Stream.of(Outcome.values()).filter(outcome -> outcome != Outcome.DONE);
  }

  /** What a full disk refuses is everything that needs room, for a while. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aDiskThatIsFullForAWhileLosesNothing(long seed) throws IOException {
    Random random = new Random(seed);
    RecordedDisk disk = new RecordedDisk(directory);
    RandomWork work = new RandomWork(random, disk);
    Journal journal = disk.journal();
    for (int round = 0; round < 6; round++) {
      for (int step = 0; step < 10; step++) {
        work.step();
      }
      journal.inject(
          (number, change) -> change.equals("write") || change.equals("create") ? Outcome.NO_SPACE : Outcome.DONE);
      for (int step = 0; step < 10; step++) {
        work.step();
        work.promises().assertKept(journal.now(), work.store(), "seed " + seed + ", full");
      }
      journal.inject((number, change) -> Outcome.DONE);
    }
  }

  /** As a process finds them that starts anew: {@code weir/tmp} is swept, so nothing of it is put in. */
  private static InMemoryObjectStore memory(Map<String, byte[]> files) {
    InMemoryObjectStore memory = new InMemoryObjectStore();
    files.forEach((path, bytes) -> {
      if (!path.startsWith("weir/tmp/")) {
        memory.putBytes(new ObjectKey(path), bytes);
      }
    });
    return memory;
  }
}
