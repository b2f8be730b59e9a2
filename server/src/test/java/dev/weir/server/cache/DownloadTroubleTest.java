package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
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

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Downloads from sources that break, lie and refuse, over stores that are full, after processes that were killed. */
@Timeout(300)
final class DownloadTroubleTest {
  @TempDir Path directory;
  private DownloadRig rig;
  private final byte[] content = DownloadRig.content(300_000);
  private final Digest digest = Digest.sha256(content);
  private final ScriptedSource source = new ScriptedSource(content);

  @BeforeEach
  void start() {
    rig = new DownloadRig(directory);
  }

  @AfterEach
  @Timeout(300)
  void nothingStaysOpen() throws Exception {
    Waiting.until(() -> rig.openFiles() == 0 && source.unclosed() == 0); // the download's thread may be about to close
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] wrong = bytes.clone();
    wrong[at] ^= 1;
    return wrong;
  }

  private boolean isPulled(Source from) {
    try {
      return Arrays.equals(rig.pull(digest, from), content);
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest(name = "byte {0} is wrong")
  @ValueSource(ints = {0, 150_000, 299_999})
  void aWrongByteCompletesNobodyAndIsNotKept(int at) throws Exception {
    ScriptedSource lying = new ScriptedSource(flipped(content, at)).allow(1);
    try (BlobBody first = rig.join(digest, lying); BlobBody second = rig.join(digest, lying)) {
      lying.allow(Long.MAX_VALUE);
      for (BlobBody body : List.of(first, second)) {
        assertThatThrownBy(() -> DownloadRig.read(body, 0)).hasMessageContaining("mismatch").hasMessageContaining(
            digest.toString());
      }
    }
    assertThat(rig.events.nextEnd()).isEqualTo("DigestMismatch");
    assertThat(lying.opened()).as("asked once").hasSize(1);
    assertThat(rig.blobs.size(digest)).isEmpty();
    assertThat(rig.partialFiles()).isEmpty();
    assertThat(rig.pull(digest, source)).isEqualTo(content);
  }

  @Test
  void aReaderThatIsToldOfAFailureCanTryAgainAtOnce() throws Exception {
    for (int round = 0; round < 50; round++) {
      byte[] bytes = DownloadRig.content(1000 + round);
      Digest name = Digest.sha256(bytes);
      ScriptedSource once = new ScriptedSource(bytes);
      once.then(once.refusing(new IOException("connection refused")));
      assertThat(catchThrowable(() -> rig.pull(name, once))).hasMessage("connection refused");
      assertThat(rig.pull(name, once)).isEqualTo(bytes);
    }
  }

  @Test
  void aBrokenFetchIsContinuedAndNoByteIsAskedTwice() throws Exception {
    source.then(source.breakingAt(100_000), source.breakingAt(100_001));
    assertThat(rig.pull(digest, source)).isEqualTo(content);
    assertThat(source.opened()).containsExactly(0L, 100_000L, 100_001L);
    assertThat(source.given()).isEqualTo(content.length);
  }

  @Test
  void aConnectionThatBreaksAfterTheLastByteIsNoBreak() throws Exception {
    source.then(source.breakingAt(content.length));
    assertThat(rig.pull(digest, source)).isEqualTo(content);
    assertThat(source.opened()).containsExactly(0L);
  }

  @Test
  void aSourceThatBeginsAnewIsSkippedForward() throws Exception {
    source.then(source.breakingAt(123_456), source.fromTheBeginning(-1));
    assertThat(rig.pull(digest, source)).isEqualTo(content);
    assertThat(source.opened()).containsExactly(0L, 123_456L);
  }

  @Test
  void aSourceThatBeginsAnewAndBreaksBeforeAnythingNewIsGivenUpInTheEnd() throws Exception {
    source.then(source.breakingAt(20_000));
    for (int i = 0; i < 20; i++) {
      source.then(source.fromTheBeginning(15_000));
    }
    assertThatThrownBy(() -> rig.pull(digest, source)).hasMessage("broken at 15000");
    assertThat(source.opened()).hasSize(6);
    assertThat(rig.partialFiles()).as("what came is kept").containsExactly(rig.partial(digest));
  }

  @Test
  void aSourceThatIsAheadOfWhatWasAskedIsNotBelieved() throws Exception {
    Source ahead = from -> source.open(from + 10);
    assertThatThrownBy(() -> rig.pull(digest, ahead)).hasMessageContaining("asked for bytes from 0 on");
  }

  @Test
  void aSizeThatChangesBetweenAnswersIsABreakAndNotBelieved() throws Exception {
    source.then(source.breakingAt(100_000), source.stating(400_000));
    assertThat(rig.pull(digest, source)).isEqualTo(content);
    assertThat(source.opened()).containsExactly(0L, 100_000L, 100_000L);
  }

  @Test
  void aSourceThatGivesMoreThanItStatedIsCutThere() throws Exception {
    source.then(source.stating(100_000));
    assertThatThrownBy(() -> rig.pull(digest, source)).hasMessageContaining("mismatch");
    assertThat(source.given()).isLessThan(120_000);
    assertThat(rig.partialFiles()).isEmpty();
    assertThat(rig.pull(digest, source)).isEqualTo(content);
  }

  @Test
  void aSourceThatGivesLessThanItStatedCompletesNobodyAndTheNextIsGood() throws Exception {
    for (int i = 0; i < 6; i++) {
      source.then(source.stating(400_000));
    }
    assertThatThrownBy(() -> rig.pull(digest, source)).hasMessageContaining("ended after 300000 of 400000 bytes");
    assertThat(rig.pull(digest, source)).isEqualTo(content);
  }

  @Test
  void aFirstAnswerThatFailsIsToldAtOnce() {
    IOException refused = new IOException("connection refused");
    source.then(source.refusing(refused));
    assertThatThrownBy(() -> rig.pull(digest, source)).hasMessage("connection refused").hasCause(refused);
    assertThat(source.opened()).hasSize(1);
  }

  @Test
  void aFinalAnswerStaysOneForEveryWaiter() throws Exception {
    source.holdOpening().then(source.refusing(new RegistryException(ErrorCode.DENIED, "quay.io says no")));
    List<Throwable> told = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Thread> threads = new ArrayList<>();
      List<Future<byte[]>> results = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        var running = new java.util.concurrent.CompletableFuture<Thread>();
        results.add(clients.submit(() -> {
          running.complete(Thread.currentThread());
          return rig.pull(digest, source);
        }));
        threads.add(running.get());
      }
      for (Thread thread : threads) {
        Waiting.untilWaiting(thread);
      }
      source.letOpen();
      for (Future<byte[]> result : results) {
        told.add(catchThrowable(result::get));
      }
    }
    assertThat(told).hasSize(10).allSatisfy(e -> assertThat(e).isInstanceOf(ExecutionException.class).cause()
        .isInstanceOfSatisfying(RegistryException.class, answer -> {
          assertThat(answer.code()).isEqualTo(ErrorCode.DENIED);
          assertThat(answer.sentence()).isEqualTo("quay.io says no");
        }));
    assertThat(source.opened()).hasSize(1);
    assertThat(rig.partialFiles()).isEmpty();
  }

  @Test
  void aFinalAnswerAfterABreakEndsTheDownloadAndKeepsWhatCame() throws Exception {
    source.then(source.breakingAt(100_000), source.refusing(new RegistryException(ErrorCode.BLOB_UNKNOWN, "gone")));
    assertThatThrownBy(() -> rig.pull(digest, source)).isInstanceOf(RegistryException.class).hasMessage("gone");
    assertThat(rig.pull(digest, source)).isEqualTo(content);
    assertThat(source.opened()).containsExactly(0L, 100_000L, 100_000L);
  }

  @Test
  void aFaultInTheSourceIsAFailureAndNobodyHangs() throws Exception {
    Source faulty = from -> {
      throw new IllegalStateException("bug");
    };
    assertThatThrownBy(() -> rig.pull(digest, faulty)).hasMessageContaining("fault in weir");
    assertThat(rig.events.nextEnd()).isEqualTo("IOException");
    assertThat(rig.pull(digest, source)).isEqualTo(content);
  }

  @Test
  void whatFailsForAnotherSourceIsTriedFromOnesOwn() throws Exception {
    ScriptedSource other = new ScriptedSource(content).holdOpening();
    other.then(other.refusing(new RegistryException(ErrorCode.BLOB_UNKNOWN, "not in that repository")));
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<byte[]> theirs = clients.submit(() -> rig.pull(digest, other));
      other.awaitOpened();
      Future<byte[]> ours = clients.submit(() -> rig.pull(digest, source));
      other.letOpen();
      assertThat(ours.get()).isEqualTo(content);
      Throwable told = catchThrowable(theirs::get); // nothing, if ours came before the answer
      assertThat(told == null || String.valueOf(told.getMessage()).contains("not in that repository")).isTrue();
    }
    assertThat(other.opened()).hasSize(1);
  }

  @Test
  void aStoreThatIsFullStopsNoReaderAndTheNextPullOnlyCommits() throws Exception {
    rig.store.full(true);
    source.allow(1);
    try (BlobBody body = rig.join(digest, source)) {
      source.allow(Long.MAX_VALUE);
      assertThat(DownloadRig.read(body, 0)).isEqualTo(content);
    }
    assertThat(rig.events.nextEnd()).isEqualTo("IOException");
    assertThat(rig.blobs.size(digest)).isEmpty();
    rig.store.full(false);
    Waiting.until(() -> isPulled(source)); // who comes while the failure is being told hears of it too
    assertThat(rig.events.nextEnd()).isEqualTo("completed");
    assertThat(source.opened()).as("nothing is fetched twice").containsExactly(0L);
  }

  @Test
  void whatAKilledProcessLeftIsContinued() throws Exception {
    rig.leavePartial(digest, Arrays.copyOf(content, 200_000));
    assertThat(rig.pull(digest, source)).isEqualTo(content);
    assertThat(source.opened()).containsExactly(200_000L);
    assertThat(source.given()).isEqualTo(100_000);
    assertThat(rig.events.resumed).hasValue(200_000);
  }

  @Test
  void aLeftoverThatIsWholeIsOnlyCommitted() throws Exception {
    rig.leavePartial(digest, content);
    assertThat(rig.pull(digest, source)).isEqualTo(content);
    assertThat(source.opened()).isEmpty();
    assertThat(rig.events.nextEnd()).isEqualTo("completed");
  }

  @ParameterizedTest(name = "{0} bytes left, one of them wrong")
  @ValueSource(ints = {1, 200_000, 300_000, 300_001, 500_000})
  void aDamagedLeftoverFailsOnceAndIsGone(int length) throws Exception {
    byte[] damaged = flipped(Arrays.copyOf(content, length), 0);
    rig.leavePartial(digest, damaged);
    source.then(source.fromTheBeginning(-1));
    assertThatThrownBy(() -> rig.pull(digest, source)).hasMessageContaining("mismatch");
    assertThat(rig.partialFiles()).isEmpty();
    assertThat(rig.pull(digest, source)).isEqualTo(content);
  }

  @Test
  void aRefusedFetchLeavesALeftoverAlone() throws Exception {
    rig.leavePartial(digest, Arrays.copyOf(content, 200_000));
    source.then(source.refusing(new IOException("connection refused")));
    assertThatThrownBy(() -> rig.downloads.join(digest, List.of(source), Duration.ofSeconds(5)))
        .hasMessage("connection refused");
    assertThat(rig.pull(digest, source)).isEqualTo(content);
    assertThat(source.opened()).containsExactly(200_000L, 200_000L);
  }
}
