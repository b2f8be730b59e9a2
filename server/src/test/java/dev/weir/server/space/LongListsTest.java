package dev.weir.server.space;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestWeir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page of a list costs what the page holds, however long the list is. {@code -Dweir.longlists=20000} shows it at a
 * length at which reading and sorting the names would take a multiple.
 */
class LongListsTest {
  private static final int SHORT = 200;
  private static final int LONG = Integer.getInteger("weir.longlists", 2000);
  private static final int ROUNDS = 100;

  @TempDir private Path folder;

  /** Repositories {@code r00000…}, and as many tags of one. */
  private TestWeir weirWith(int many) throws IOException {
    Path repositories = folder.resolve(many + "/docker/registry/v2/repositories");
    Path tags = repositories.resolve("tagged/_manifests/tags");
    for (int each = 0; each < many; each++) {
      Files.createDirectories(repositories.resolve("r%05d/_layers".formatted(each)));
      Files.createDirectories(tags.resolve("t%05d".formatted(each)));
    }
    for (Path listed : List.of(repositories, tags)) {
      Files.setLastModifiedTime(listed, FileTime.from(Instant.now().minusSeconds(60)));
    }
    return TestWeir.in(folder.resolve(String.valueOf(many))).start();
  }

  private static Duration page(TestWeir weir, String list, String holds) {
    long begun = System.nanoTime();
    assertThat(weir.client().get(list).text()).contains(holds);
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** By turns, and the best of each: what else the machine does is no part of it. */
  private static void takesNoLonger(TestWeir few, TestWeir many, String list, String holds) {
    List<Duration> shortLists = new ArrayList<>();
    List<Duration> longLists = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      shortLists.add(page(few, list, holds));
      longLists.add(page(many, list, holds));
    }
    Duration shortList = Collections.min(shortLists);
    Duration longList = Collections.min(longLists);
    System.out.println(list + ": " + shortList.toNanos() / 1000 + " µs out of " + SHORT + ", "
        + longList.toNanos() / 1000 + " µs out of " + LONG);
    assertThat(longList).isLessThan(shortList.multipliedBy(2).plusMillis(5));
  }

  @Test
  void aPageOutOfALongListTakesNoLongerThanOneOutOfAShortList() throws IOException {
    try (TestWeir few = weirWith(SHORT); TestWeir many = weirWith(LONG)) {
      takesNoLonger(few, many, "/v2/_catalog?n=20&last=r00099", "r00119");
      takesNoLonger(few, many, "/v2/tagged/tags/list?n=20&last=t00099", "t00119");
    }
  }
}
