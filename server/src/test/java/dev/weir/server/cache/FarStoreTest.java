package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.FaultyObjectStore.Operation;
import dev.weir.storage.InMemoryObjectStore;

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
  void whatIsHeldIsFetchedFromTheStoreOnceAndThenKeptAtHand() throws IOException {
    blobs.commit(DIGEST, CONTENT);
    try (Downloads downloads = downloads(1 << 20)) {
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
  void damagedContentIsServedToNobodyAndReplacedFromUpstream() throws IOException {
    byte[] damaged = CONTENT.clone();
    damaged[400_000]++;
    blobs.commit(DIGEST, damaged);
    try (Downloads downloads = downloads(1 << 20)) {
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
    store.runBefore(1, call -> call.operation() == Operation.OPEN, () -> store.delete(store.calls().getLast().key()));
    try (Downloads downloads = downloads(1 << 20)) {
      assertThat(all(held(downloads, whole()))).isEqualTo(CONTENT);
    }
    assertThat(blobs.size(DIGEST)).hasValue(CONTENT.length);
  }
}
