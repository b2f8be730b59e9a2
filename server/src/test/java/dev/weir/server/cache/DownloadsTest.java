package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Who gets which bytes of a download, and when. */
@Timeout(300)
final class DownloadsTest {
  private static final int HELD_BACK = 64 * 1024;

  @TempDir Path directory;
  private DownloadRig rig;
  private final byte[] content = DownloadRig.content(300_000);
  private final Digest digest = Digest.sha256(content);

  @BeforeEach
  void start() {
    rig = new DownloadRig(directory);
  }

  @AfterEach
  @Timeout(300)
  void nothingStaysOpen() throws Exception {
    Waiting.until(() -> rig.openFiles() == 0); // the download's thread may be about to close
    assertThat(rig.store.openObjects()).isZero();
  }

  @Test
  void aBlobIsFetchedStoredAndServedFromTheStoreAfterwards() throws Exception {
    ScriptedSource source = new ScriptedSource(content);
    assertThat(rig.pull(digest, source)).isEqualTo(content);
    assertThat(rig.events.nextEnd()).isEqualTo("completed");
    assertThat(rig.pull(digest, source)).isEqualTo(content);
    assertThat(source.opened()).containsExactly(0L);
    assertThat(source.unclosed()).isZero();
    assertThat(rig.events.fetched).hasValue(content.length);
    assertThat(rig.partialFiles()).isEmpty();
  }

  @Test
  void aSecondClientJoinsTheRunningFetch() throws Exception {
    ScriptedSource source = new ScriptedSource(content).allow(100_000);
    try (BlobBody first = rig.join(digest, source)) {
      assertThat(first.awaitBeyond(99_999)).isEqualTo(100_000);
      try (BlobBody second = rig.join(digest, source)) {
        assertThat(second.size()).isEqualTo(content.length);
        assertThat(second.awaitBeyond(0)).isEqualTo(100_000);
        source.allow(Long.MAX_VALUE);
        assertThat(DownloadRig.read(second, 0)).isEqualTo(content);
      }
      assertThat(DownloadRig.read(first, 50_000)).isEqualTo(Arrays.copyOfRange(content, 50_000, content.length));
    }
    assertThat(source.opened()).hasSize(1);
  }

  @Test
  void theFetchCompletesWhenEveryReaderHasLeft() throws Exception {
    ScriptedSource source = new ScriptedSource(content).allow(1);
    rig.join(digest, source).close();
    source.allow(Long.MAX_VALUE);
    assertThat(rig.events.nextEnd()).isEqualTo("completed");
    assertThat(rig.blobs.size(digest)).hasValue(content.length);
  }

  @Test
  void aReaderThatNeverReadsHoldsNobodyUp() throws Exception {
    ScriptedSource source = new ScriptedSource(content);
    try (BlobBody idle = rig.join(digest, source)) {
      assertThat(rig.pull(digest, source)).isEqualTo(content);
      assertThat(rig.events.nextEnd()).isEqualTo("completed");
      assertThat(DownloadRig.read(idle, 0)).as("after the file moved into the store").isEqualTo(content);
    }
  }

  @Test
  void aReaderFarAheadOfTheFillWaitsWithTheSizeKnown() throws Exception {
    ScriptedSource source = new ScriptedSource(content).allow(1);
    try (BlobBody body = rig.join(digest, source)) {
      assertThat(body.size()).isEqualTo(content.length);
      CompletableFuture<byte[]> tail = CompletableFuture.supplyAsync(() -> {
        try {
          return DownloadRig.read(body, 299_000);
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      });
      assertThat(tail).isNotDone();
      source.allow(Long.MAX_VALUE);
      assertThat(tail.get()).isEqualTo(Arrays.copyOfRange(content, 299_000, 300_000));
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {1, 2, HELD_BACK - 1, HELD_BACK, HELD_BACK + 1, 200_000})
  void theLastBytesAreNotSeenBeforeTheDigestMatched(int size) throws Exception {
    byte[] bytes = DownloadRig.content(size);
    Digest name = Digest.sha256(bytes);
    ScriptedSource source = new ScriptedSource(bytes).holdEnd();
    try (BlobBody body = rig.join(name, source)) {
      source.awaitEndReached();
      assertThat(body.awaitBeyond(-1)).isEqualTo(Math.max(0, size - HELD_BACK));
      source.letEnd();
      assertThat(body.awaitBeyond(size - 1L)).isEqualTo(size);
      assertThat(DownloadRig.read(body, 0)).isEqualTo(bytes);
    }
  }

  @Test
  void anEmptyBlobIsServedOnceItIsVerified() throws Exception {
    ScriptedSource source = new ScriptedSource(new byte[0]);
    assertThat(rig.pull(Digest.sha256(new byte[0]), source)).isEmpty();
    assertThat(rig.events.nextEnd()).isEqualTo("completed");
    assertThat(rig.blobs.size(Digest.sha256(new byte[0]))).hasValue(0);
  }

  @Test
  void nobodyGetsAnEmptyBodyForABlobThatIsNotEmpty() throws Exception {
    assertThatThrownBy(() -> rig.join(digest, new ScriptedSource(new byte[0]))).hasMessageContaining("mismatch");
    assertThat(rig.events.nextEnd()).isEqualTo("DigestMismatch");
  }

  @Test
  void aSourceThatTellsNoSizeIsServedWhenAllOfItIsThere() throws Exception {
    ScriptedSource source = new ScriptedSource(content);
    source.then(source.stating(-1));
    assertThat(rig.pull(digest, source)).isEqualTo(content);
  }

  @Test
  void patienceEndsWithATimeOutAndTheFetchGoesOn() throws Exception {
    ScriptedSource source = new ScriptedSource(content).holdOpening();
    assertThatThrownBy(() -> rig.downloads.join(digest, List.of(source), Duration.ofMillis(10)))
        .isInstanceOfSatisfying(dev.weir.server.oci.RegistryException.class,
            e -> assertThat(e.status()).isEqualTo(504));
    source.letOpen();
    assertThat(rig.events.nextEnd()).isEqualTo("completed");
    assertThat(source.opened()).hasSize(1);
  }

  @Test
  void differentDigestsAreFetchedAtOnce() throws Exception {
    byte[] other = DownloadRig.content(1000);
    ScriptedSource slow = new ScriptedSource(content).allow(1);
    try (BlobBody waiting = rig.join(digest, slow)) {
      assertThat(rig.pull(Digest.sha256(other), new ScriptedSource(other))).isEqualTo(other);
      slow.allow(Long.MAX_VALUE);
      assertThat(DownloadRig.read(waiting, 0)).isEqualTo(content);
    }
  }

  /** Clients that come before, while and after the download completes all get the right bytes from one fetch. */
  @Test
  void whoeverComesWhileADownloadCompletesGetsTheRightBytesOfOneFetch() throws Exception {
    for (int round = 0; round < 100; round++) {
      byte[] bytes = DownloadRig.content(66_000 + round);
      Digest name = Digest.sha256(bytes);
      ScriptedSource source = new ScriptedSource(bytes);
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        var results = java.util.stream.IntStream.range(0, 40)
            .<Future<byte[]>>mapToObj(i -> clients.submit(() -> rig.pull(name, source))).toList();
        for (Future<byte[]> result : results) {
          assertThat(result.get()).isEqualTo(bytes);
        }
      }
      assertThat(rig.events.nextEnd()).isEqualTo("completed");
      assertThat(source.opened()).as("round %d", round).containsExactly(0L);
    }
    assertThat(rig.events.started).hasValue(100);
  }
}
