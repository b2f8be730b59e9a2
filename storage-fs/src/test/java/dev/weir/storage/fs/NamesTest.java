package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class NamesTest {
  private static final Instant CHANGED = Instant.parse("2026-11-21T08:00:00.123456789Z");

  @TempDir private Path folder;
  private final AtomicInteger listings = new AtomicInteger();
  private final List<String> there = new ArrayList<>();
  private Instant now = CHANGED.plusSeconds(3);
  private Names names;

  @BeforeEach
  void aLargeDirectory() throws IOException {
    names = new Names(directory -> {
      listings.incrementAndGet();
      return List.copyOf(there);
    }, () -> now);
    IntStream.range(0, 1000).forEach(each -> there.add("tag-" + (1999 - each)));
    changedAt(CHANGED);
  }

  private void changedAt(Instant time) throws IOException {
    Files.setLastModifiedTime(folder, FileTime.from(time));
  }

  private List<String> page(String after) throws IOException {
    try (Stream<String> page = names.in(folder, after)) {
      return page.limit(2).toList();
    }
  }

  @Test
  void pagesOfALargeDirectoryReadItOnce() throws IOException {
    assertThat(page("")).containsExactly("tag-1000", "tag-1001");
    assertThat(page("tag-1001")).containsExactly("tag-1002", "tag-1003");
    assertThat(page("tag-1001x")).containsExactly("tag-1002", "tag-1003");
    assertThat(page("tag-1999")).isEmpty();
    assertThat(listings).hasValue(1);
  }

  @Test
  void aChangeIsSeenAtOnce() throws IOException {
    page("");
    there.add("tag-0");
    changedAt(CHANGED.plusNanos(1));
    assertThat(page("")).containsExactly("tag-0", "tag-1000");
  }

  @Test
  void aDirectoryThatWasReplacedIsReadAgain() throws IOException {
    page("");
    Path other = Files.createDirectory(folder.resolveSibling(folder.getFileName() + "-other"));
    Files.delete(folder);
    Files.move(other, folder);
    changedAt(CHANGED);
    there.removeFirst();
    there.add("tag-0");
    assertThat(page("")).containsExactly("tag-0", "tag-1000");
  }

  @Test
  void whatChangedAMomentAgoIsNotTrustedToStandStill() throws IOException {
    now = CHANGED.plusSeconds(1);
    page("");
    there.add("tag-0"); // within the same step of the file system's clock
    assertThat(page("")).containsExactly("tag-0", "tag-1000");
  }

  @Test
  void aClockThatStandsBeforeTheFilesTrustsNothing() throws IOException {
    now = Instant.EPOCH;
    page("");
    page("");
    assertThat(listings).hasValue(2);
  }

  @Test
  void aSmallDirectoryIsReadEachTime() throws IOException {
    there.removeLast();
    page("");
    page("");
    assertThat(listings).hasValue(2);
  }

  @Test
  void whereThereIsNoDirectoryThereAreNoNames() throws IOException {
    assertThat(names.in(folder.resolve("absent"), "")).isEmpty();
    assertThat(new Names().in(Files.createFile(folder.resolve("file")), "")).isEmpty();
  }
}
