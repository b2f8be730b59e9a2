package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.FaultyObjectStore.Operation;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.StoreUnavailableException;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Downloads over a store whose objects are no local files. */
final class FarStoreTest {
  private static final byte[] CONTENT = DownloadRig.content(500_000);
  private static final Digest DIGEST = Digest.sha256(CONTENT);

  @TempDir private Path directory;
  private final FaultyObjectStore store = new FaultyObjectStore(new InMemoryObjectStore());
  private final BlobStore blobs = new BlobStore(store);

  private Downloads downloads(long scratchBytes) throws IOException {
    return new Downloads(blobs, directory.resolve("partials"), new RecordedEvents(), Space.UNBOUNDED,
        Optional.of(Scratch.in(directory.resolve("hot"), List.of(), scratchBytes, "")), DownloadRig.QUICK, () -> 0);
  }

  private long calls(Operation operation) {
    return store.calls().stream().filter(call -> call.operation() == operation).count();
  }

  private static byte[] all(Optional<BlobBody> body) throws IOException {
    try (BlobBody open = body.orElseThrow()) {
      return DownloadRig.read(open, 0);
    }
  }

  private Optional<BlobBody> held(Downloads downloads, Source... others) throws IOException {
    return downloads.held(DIGEST, DIGEST, () -> List.of(others), DownloadRig.LONG);
  }

  private static ScriptedSource whole() {
    return new ScriptedSource(CONTENT);
  }

  @Test
  void whatIsAskedForOnceIsPassedOnAndKeptNowhere() throws IOException {
    blobs.commit(DIGEST, CONTENT);
    store.forget();
    try (Downloads downloads = downloads(1 << 20)) {
      assertThat(all(held(downloads))).isEqualTo(CONTENT);
    }
    assertThat(calls(Operation.OPEN)).isEqualTo(1);
    assertThat(calls(Operation.SIZE)).isZero();
    assertThat(directory.resolve("hot").resolve("sha256-" + DIGEST.hex())).doesNotExist();
    assertThat(directory.resolve("partials")).satisfiesAnyOf(path -> assertThat(path).doesNotExist(),
        path -> assertThat(path).isEmptyDirectory());
  }

  @Test
  void aPartIsPassedOnAsAPart() throws IOException {
    blobs.commit(DIGEST, CONTENT);
    try (Downloads downloads = downloads(1 << 20); BlobBody body = held(downloads).orElseThrow()) {
      assertThat(DownloadRig.passed(body, 70_000, 370_001)).isEqualTo(Arrays.copyOfRange(CONTENT, 70_000, 370_001));
    }
  }

  @Test
  void whatIsAskedForAgainIsFetchedFromTheStoreOnceAndThenKeptAtHand() throws IOException {
    blobs.commit(DIGEST, CONTENT);
    try (Downloads downloads = downloads(1 << 20)) {
      assertThat(all(held(downloads))).isEqualTo(CONTENT);
      assertThat(all(held(downloads))).isEqualTo(CONTENT);
    }
    long opened = calls(Operation.OPEN);
    try (Downloads downloads = downloadsAgain()) {
      assertThat(all(held(downloads))).isEqualTo(CONTENT);
    }
    assertThat(calls(Operation.OPEN)).isEqualTo(opened);
    assertThat(calls(Operation.PUT_FILE)).isZero();
  }

  /** With what the first kept. */
  private Downloads downloadsAgain() throws IOException {
    Files.writeString(directory.resolve("hot/boot"), "same");
    return new Downloads(blobs, directory.resolve("partials"), new RecordedEvents(), Space.UNBOUNDED,
        Optional.of(Scratch.in(directory.resolve("hot"), List.of(), 1 << 20, "same")), DownloadRig.QUICK, () -> 0);
  }

  @Test
  void aCrowdThatAsksAtOnceReadsItTwiceAtMost() throws Exception {
    blobs.commit(DIGEST, CONTENT);
    store.forget();
    try (Downloads downloads = downloads(1 << 20); var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<byte[]>> each = Collections.nCopies(32, () -> all(held(downloads)));
      for (Future<byte[]> pull : crowd.invokeAll(each)) {
        assertThat(pull.get()).isEqualTo(CONTENT);
      }
    }
    assertThat(calls(Operation.OPEN)).isEqualTo(2);
  }

  @Test
  void soManyArePassedOnAtATimeAndNoMore() throws IOException {
    try (Downloads downloads = downloads(1 << 20)) {
      List<BlobBody> open = new ArrayList<>();
      for (int i = 0; i <= FirstAsked.MOST_AT_ONCE; i++) {
        open.add(held(downloads, small(i)).orElseThrow());
      }
      assertThat(open.stream().filter(body -> !body.hasFile())).hasSize(FirstAsked.MOST_AT_ONCE);
      for (BlobBody body : open) {
        body.close();
        body.close();
      }
      try (BlobBody next = held(downloads, small(1_000)).orElseThrow()) {
        assertThat(next.hasFile()).isFalse();
      }
    }
  }

  private Digest small(int number) throws IOException {
    byte[] content = ("number " + number).getBytes(UTF_8);
    blobs.commit(Digest.sha256(content), content);
    return Digest.sha256(content);
  }

  private static Optional<BlobBody> held(Downloads downloads, Digest digest) throws IOException {
    return downloads.held(digest, digest, List::of, DownloadRig.LONG);
  }

  @Test
  void whatTheStoreFailsToGiveComesFromOthersAtOnce() throws IOException {
    blobs.commit(DIGEST, CONTENT);
    store.runBeforeAll(call -> call.operation() == Operation.OPEN, () -> {
      throw new StoreUnavailableException("does not answer", new IOException());
    });
    try (Downloads downloads = downloads(1 << 20)) {
      assertThatThrownBy(() -> held(downloads)).isInstanceOf(StoreUnavailableException.class);
    }
    try (Downloads downloads = downloads(1 << 20)) {
      assertThat(all(held(downloads, whole()))).isEqualTo(CONTENT);
    }
  }

  @Test
  void ofAStoreThatIsAwayAltogetherEachIsGivenWhatOthersHave() throws IOException {
    blobs.commit(DIGEST, CONTENT);
    store.runBeforeAll(call -> true, () -> {
      throw new StoreUnavailableException("does not answer", new IOException());
    });
    try (Downloads downloads = downloads(0)) {
      for (int i = 0; i < 3; i++) {
        assertThat(all(held(downloads, whole()))).isEqualTo(CONTENT);
      }
      assertThatThrownBy(() -> held(downloads)).isInstanceOf(StoreUnavailableException.class);
    }
  }

  @Test
  void whatDoesNotFitIsFetchedEachTime() throws IOException {
    blobs.commit(DIGEST, CONTENT);
    try (Downloads downloads = downloads(1000)) {
      assertThat(all(held(downloads))).isEqualTo(CONTENT);
      assertThat(all(held(downloads))).isEqualTo(CONTENT);
    }
    assertThat(calls(Operation.PUT_FILE)).isZero();
  }

  @Test
  void whatComesFromUpstreamIsStoredOnceAndKeptAtHand() throws IOException {
    try (Downloads downloads = downloads(1 << 20)) {
      assertThat(held(downloads)).isEmpty();
      assertThat(all(Optional.of(downloads.join(DIGEST, List.of(whole()), DownloadRig.LONG)))).isEqualTo(CONTENT);
    }
    assertThat(calls(Operation.PUT_FILE)).isEqualTo(1);
    assertThat(blobs.size(DIGEST)).hasValue(CONTENT.length);
    assertThat(directory.resolve("hot").resolve("sha256-" + DIGEST.hex())).hasBinaryContent(CONTENT);
  }

  @Test
  void theStoreIsAskedBeforeUpstream() throws IOException {
    blobs.commit(DIGEST, CONTENT);
    ScriptedSource upstream = whole();
    try (Downloads downloads = downloads(1 << 20)) {
      assertThat(all(Optional.of(downloads.join(DIGEST, List.of(upstream), DownloadRig.LONG)))).isEqualTo(CONTENT);
    }
    assertThat(upstream.opened()).isEmpty();
  }

  @Test
  void damagedContentIsFoundByWhoeverAsksAgainAndReplacedFromUpstream() throws IOException {
    byte[] damaged = CONTENT.clone();
    damaged[400_000]++;
    blobs.commit(DIGEST, damaged);
    try (Downloads downloads = downloads(1 << 20)) {
      assertThat(all(held(downloads))).isEqualTo(damaged);
      assertThatThrownBy(() -> all(held(downloads))).isInstanceOf(IOException.class);
      assertThat(all(held(downloads, whole()))).isEqualTo(CONTENT);
    }
    try (var stored = blobs.open(DIGEST).orElseThrow(); var all = stored.read()) {
      assertThat(all.readAllBytes()).isEqualTo(CONTENT);
    }
  }

  @Test
  void whatVanishesFromTheStoreMeanwhileComesFromUpstreamAndIsStoredAgain() throws IOException {
    blobs.commit(DIGEST, CONTENT);
    store.runBefore(2, call -> call.operation() == Operation.OPEN, () -> store.delete(store.calls().getLast().key()));
    try (Downloads downloads = downloads(1 << 20)) {
      assertThat(all(held(downloads))).isEqualTo(CONTENT);
      assertThat(all(held(downloads, whole()))).isEqualTo(CONTENT);
    }
    assertThat(blobs.size(DIGEST)).hasValue(CONTENT.length);
  }
}
