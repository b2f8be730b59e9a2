package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.Digest;
import dev.weir.storage.StoredObject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ScratchTest {
  @TempDir private Path directory;

  private Path beside() throws IOException {
    return Files.createDirectories(directory.resolve("beside"));
  }

  private Scratch scratch(long mostBytes, String boot) throws IOException {
    return Scratch.in(directory.resolve("hot"), List.of(beside()), mostBytes, boot);
  }

  private Digest keep(Scratch scratch, int size) throws IOException {
    byte[] content = DownloadRig.content(size);
    Digest digest = Digest.sha256(content);
    scratch.keep(digest, Files.write(Files.createTempFile(directory, "verified", ""), content));
    return digest;
  }

  private static boolean has(Scratch scratch, Digest digest) throws IOException {
    Optional<StoredObject> found = scratch.open(digest);
    if (found.isPresent()) {
      found.get().close();
    }
    return found.isPresent();
  }

  @Test
  void whatIsKeptComesBack() throws IOException {
    Scratch scratch = scratch(100, "a");
    Digest kept = keep(scratch, 40);
    try (StoredObject object = scratch.open(kept).orElseThrow(); var all = object.read()) {
      assertThat(object.size()).isEqualTo(40);
      assertThat(object.file()).isPresent();
      assertThat(all.readAllBytes()).isEqualTo(DownloadRig.content(40));
    }
    assertThat(has(scratch, Digest.sha256(new byte[1]))).isFalse();
  }

  @Test
  void whatWasNotAskedForTheLongestGoesFirst() throws IOException {
    Scratch scratch = scratch(100, "a");
    Digest first = keep(scratch, 40);
    Digest second = keep(scratch, 41);
    assertThat(has(scratch, first)).isTrue();
    Digest third = keep(scratch, 20);
    assertThat(has(scratch, second)).isFalse();
    assertThat(has(scratch, first)).isTrue();
    assertThat(has(scratch, third)).isTrue();
    assertThat(scratch.keptBytes()).isEqualTo(60);
  }

  @Test
  void whatIsOnItsWayCountsAndStays() throws IOException {
    Scratch scratch = scratch(100, "a");
    Digest first = keep(scratch, 40);
    Path growing = Files.write(beside().resolve("growing"), new byte[70]);
    Digest second = keep(scratch, 25);
    assertThat(has(scratch, first)).isFalse();
    assertThat(has(scratch, second)).isTrue();
    assertThat(growing).exists();
    assertThat(has(scratch, keep(scratch, 31))).isFalse();
  }

  @Test
  void whatIsLargerThanAllRoomIsNotKept() throws IOException {
    Scratch scratch = scratch(100, "a");
    Digest tooLarge = keep(scratch, 101);
    assertThat(has(scratch, tooLarge)).isFalse();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactlyInAnyOrder("hot", "beside");
    }
  }

  @Test
  void theSameContentTwiceCountsOnce() throws IOException {
    Scratch scratch = scratch(100, "a");
    keep(scratch, 40);
    keep(scratch, 40);
    assertThat(scratch.keptBytes()).isEqualTo(40);
  }

  @Test
  void anOpenFileOutlivesItsName() throws IOException {
    Scratch scratch = scratch(100, "a");
    Digest kept = keep(scratch, 40);
    try (StoredObject open = scratch.open(kept).orElseThrow(); var all = open.read()) {
      keep(scratch, 99);
      assertThat(has(scratch, kept)).isFalse();
      assertThat(all.readAllBytes()).isEqualTo(DownloadRig.content(40));
    }
  }

  @Test
  void aLaterProcessTakesUpWhatIsThereUnlessTheMachineWasRestarted() throws IOException {
    Digest kept = keep(scratch(100, "a"), 40);
    Scratch later = scratch(100, "a");
    assertThat(has(later, kept)).isTrue();
    assertThat(later.keptBytes()).isEqualTo(40);
    assertThat(has(scratch(100, "b"), kept)).isFalse();
    assertThat(has(scratch(100, "b"), kept)).isFalse();
  }

  @Test
  void aLaterProcessWithLessRoomKeepsLess() throws IOException {
    Scratch before = scratch(100, "a");
    keep(before, 40);
    keep(before, 50);
    assertThat(scratch(60, "a").keptBytes()).isLessThanOrEqualTo(60).isPositive();
  }

  @Test
  void whatIsAboutToBeKeptCountsOnceThoughItLiesBeside() throws IOException {
    Scratch scratch = scratch(100, "a");
    Digest first = keep(scratch, 30);
    byte[] content = DownloadRig.content(60);
    Path grown = Files.write(beside().resolve("grown"), content);
    Files.createLink(beside().resolve("grown.stored"), grown);
    scratch.keep(Digest.sha256(content), grown);
    assertThat(has(scratch, Digest.sha256(content))).isTrue();
    assertThat(has(scratch, first)).isTrue();
  }

  @Test
  void whatCanNeverBeKeptTakesNothingElseAway() throws IOException {
    Scratch scratch = scratch(100, "a");
    Digest first = keep(scratch, 40);
    keep(scratch, 101);
    assertThat(has(scratch, first)).isTrue();
  }

  @Test
  void whatComesIsGivenTheRoomOfWhatIsKept() throws IOException {
    Scratch scratch = scratch(100, "a");
    Digest first = keep(scratch, 40);
    Digest second = keep(scratch, 50);
    scratch.take(45);
    assertThat(has(scratch, first)).isFalse();
    assertThat(has(scratch, second)).isTrue();
    Space.Reserved coming = scratch.reserve(first, 80, () -> 0);
    assertThat(has(scratch, second)).isFalse();
    assertThatThrownBy(() -> scratch.take(21)).isInstanceOf(NoRoom.class).hasMessageContaining("cache.scratch.maxsize");
    assertThatThrownBy(() -> scratch.reserve(second, 21, () -> 0)).isInstanceOf(NoRoom.class);
    coming.end(0);
    scratch.take(100);
  }

  @Test
  void whatIsDroppedIsGone() throws IOException {
    Scratch scratch = scratch(100, "a");
    Digest kept = keep(scratch, 40);
    assertThat(scratch.drop(kept)).isTrue();
    assertThat(has(scratch, kept)).isFalse();
    assertThat(scratch.keptBytes()).isZero();
    assertThat(scratch.drop(kept)).isFalse();
  }
}
