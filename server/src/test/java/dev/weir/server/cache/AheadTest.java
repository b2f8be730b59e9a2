package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** What is written ahead of the beginning of a growing file, and what of it a next download finds. */
final class AheadTest {
  private static final int SIZE = 3_000_000;
  private static final int BLOCK = 1_000_000;

  @TempDir Path directory;
  private final byte[] content = DownloadRig.content(SIZE);
  private final Digest digest = Digest.sha256(content);

  private Path file() {
    return directory.resolve("partials/some");
  }

  private Path ledger() {
    return directory.resolve("partials/some" + Ledger.SUFFIX);
  }

  private Spool open() throws IOException {
    return Spool.open(file(), digest);
  }

  private ByteBuffer bytes(long from, long to) {
    return ByteBuffer.wrap(Arrays.copyOfRange(content, (int) from, (int) to));
  }

  /** Takes a stretch and writes so many bytes of it. */
  private Stretch ahead(Spool spool, int count) throws IOException {
    Stretch stretch = spool.ahead().take(SIZE, BLOCK).orElseThrow();
    spool.ahead().write(stretch, bytes(stretch.from(), stretch.from() + count));
    spool.ahead().wrote(count);
    return stretch;
  }

  @Test
  void theFirstStretchLiesABlockAwayAndTheNextBehindIt() throws IOException {
    try (Spool spool = open()) {
      spool.append(bytes(0, 100));
      assertThat(spool.ahead().take(SIZE, BLOCK).orElseThrow().from()).isEqualTo(BLOCK + 100L);
      Stretch last = spool.ahead().take(SIZE, BLOCK).orElseThrow();
      assertThat(last.from()).isEqualTo(2L * BLOCK + 100);
      assertThat(last.to()).isEqualTo(SIZE);
      assertThat(spool.ahead().take(SIZE, BLOCK)).isEmpty();
    }
  }

  @Test
  void theBeginningGrowsUpToAStretchAndTakesInWhatIsWrittenOfIt() throws IOException {
    try (Spool spool = open()) {
      Stretch stretch = ahead(spool, 400_000);
      ByteBuffer all = bytes(0, SIZE);
      spool.append(all);
      assertThat(all.position()).isEqualTo(BLOCK);
      assertThat(spool.takeIn(SIZE)).isEqualTo(400_000);
      assertThat(spool.ahead().stretches().await(1)).as("somebody fills it").isTrue();
      spool.ahead().stretches().leave(stretch);
      assertThat(spool.ahead().stretches().await(1)).as("nobody does").isFalse();
      spool.append(bytes(BLOCK + 400_000, SIZE));
      assertThat(spool.matches()).isTrue();
      assertThat(ledger()).doesNotExist();
    }
  }

  @Test
  void theNextDownloadGoesOnFromWhatWasWrittenAtAnOrderlyEnd() throws IOException {
    try (Spool spool = open()) {
      spool.append(bytes(0, 1000));
      spool.ahead().stretches().leave(ahead(spool, 300_000));
    }
    try (Spool again = open()) {
      assertThat(again.written()).isEqualTo(1000);
      assertThat(again.ahead().stretches().bytes()).isEqualTo(301_000);
      assertThat(again.ahead().stretches().gapEnd()).isEqualTo(BLOCK + 1000L);
      again.append(bytes(1000, BLOCK + 1000));
      assertThat(again.takeIn(SIZE)).isEqualTo(300_000);
      again.append(bytes(again.written(), SIZE));
      assertThat(again.matches()).isTrue();
    }
  }

  /** A kill is an end without any orderly close. */
  @Test
  void afterAKillAtMostHalfAMebibyteIsForgottenAndNoHoleCounts() throws IOException {
    Spool killed = open();
    killed.append(bytes(0, 200_000));
    ahead(killed, 900_000);
    ahead(killed, 700_000);
    try (Spool again = open()) {
      assertThat(again.written()).isLessThanOrEqualTo(200_000);
      assertThat(again.ahead().stretches().bytes()).isBetween(1_800_000L - 512 * 1024, 1_800_000L);
    }
    killed.ahead().forget();
    killed.release();
  }

  @Test
  void aLedgerThatCannotBeReadLeavesNothingToGoOnFrom() throws IOException {
    Files.createDirectories(directory.resolve("partials"));
    Files.write(file(), content);
    Files.writeString(ledger(), "0 100\nnonsense\n");
    try (Spool spool = open()) {
      assertThat(spool.written()).isZero();
      assertThat(spool.ahead().stretches().isEmpty()).isTrue();
    }
  }

  @Test
  void whatAPowerCutTookOfTheFileIsNotCounted() throws IOException {
    Files.createDirectories(directory.resolve("partials"));
    Files.write(file(), Arrays.copyOf(content, 500_000));
    Files.writeString(ledger(), "0 1000\n100000 500000\n600000 700000\n");
    try (Spool spool = open()) {
      assertThat(spool.written()).isEqualTo(1000);
      assertThat(spool.ahead().stretches().bytes()).isEqualTo(401_000);
    }
  }

  @Test
  void aPartialFileAndItsLedgerGoTogetherWhenTheyAreOld() throws IOException {
    DownloadRig rig = new DownloadRig(directory);
    rig.leavePartial(digest, content);
    Path ledger = Files.writeString(rig.partials.resolve(rig.partial(digest).getFileName() + Ledger.SUFFIX), "0 9\n");
    Files.setLastModifiedTime(ledger, java.nio.file.attribute.FileTime.from(Instant.EPOCH));
    rig.downloads.purge(Instant.now().minusSeconds(60));
    assertThat(rig.partialFiles()).as("one is young").hasSize(2);
    rig.downloads.purge(Instant.now().plusSeconds(60));
    rig.downloads.purge(Instant.now().plusSeconds(60));
    assertThat(rig.partialFiles()).isEmpty();
  }
}
