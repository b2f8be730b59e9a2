package dev.weir.server.replicas;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.Replicas;
import dev.weir.server.cache.Source;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.FaultyObjectStore.Call;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ObjectKey;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Who fetches, step by step. */
final class SharedTurnTest {
  private static final Digest DIGEST = Digest.sha256("a blob".getBytes(US_ASCII));
  private static final ObjectKey BOARD = new ObjectKey("weir/fetching/sha256-" + DIGEST.hex());
  private static final Pace PACE = new Pace(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofMillis(500),
      Duration.ofHours(1), Duration.ofMillis(20), Duration.ofMillis(20), 256 << 10);

  private static final Pace QUICK = new Pace(Duration.ofMinutes(1), Duration.ofMillis(100), Duration.ofMinutes(1),
      Duration.ofMinutes(1), Duration.ofMillis(20), Duration.ofMillis(20), 256 << 10);

  @TempDir private Path directory;
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final FaultyObjectStore view = new FaultyObjectStore(store);
  private SharedFetches shared;

  /** A download that has got nothing yet. */
  private record NothingYet(Path directory) implements Replicas.Growth {
    @Override
    public long size() {
      return -1;
    }

    @Override
    public long received() {
      return 0;
    }

    @Override
    public long visible() {
      return 0;
    }

    @Override
    public Optional<BlobBody> reader() {
      return Optional.empty();
    }

    @Override
    public Path aside() {
      return directory.resolve("piece");
    }
  }

  @BeforeEach
  void start() {
    shared = fetches("process");
  }

  private SharedFetches fetches(String process) {
    return new SharedFetches(view, new BlobStore(view), "here", process, PACE);
  }

  private Replicas.Turn turn() {
    return shared.turn(DIGEST, new NothingYet(directory));
  }

  private void others(String name, String content) throws IOException {
    store.putBytes(BOARD.resolve(name), content.getBytes(US_ASCII));
  }

  private List<String> board() {
    return store.keys().map(ObjectKey::value).filter(key -> key.startsWith(BOARD.value()))
        .map(key -> key.substring(BOARD.value().length() + 1)).toList();
  }

  private static IOException waitsInVain(Replicas.Turn turn) throws IOException {
    Source other = turn.instead().orElseThrow();
    try {
      other.open(0).close();
    } catch (Followed.NoMore e) {
      turn.left(e);
      return e;
    }
    throw new AssertionError("it was given bytes");
  }

  @AfterEach
  void stop() throws IOException {
    shared.close();
  }

  /** While no size is known, a client has no answer at all. */
  @Test
  void theTimeThatHoldersWithoutASizeAreWaitedForDoesNotAddUp() throws Exception {
    others("holder-000001", "there p 1 -1 0 0");
    view.runBefore(3, call -> isOf(call, "holder-000001"), () -> {
      pastPatience();
      store.delete(BOARD.resolve("holder-000001"));
      others("holder-000002", "elsewhere p 1 -1 0 0");
    });
    Replicas.Turn turn = turn();
    waitsInVain(turn);
    waitsInVain(turn);
    assertThat(view.calls()).filteredOn(call -> isOf(call, "holder-000002")).hasSizeLessThanOrEqualTo(2);
    assertThat(turn.instead()).as("fetched here").isEmpty();
    turn.end(false);
  }

  /** Who was given bytes has told its client the size long ago. */
  @Test
  void aSizeIsWaitedForAnewOnceAHolderHasGivenSomething() throws Exception {
    others("holder-000001", "there p 1 9 5 5");
    others(PIECE, "bytes");
    Replicas.Turn turn = turn();
    try (Source.Bytes bytes = turn.instead().orElseThrow().open(0)) {
      assertThat(bytes.next()).isPresent();
      pastPatience();
      store.delete(BOARD.resolve("holder-000001"));
      others("holder-000002", "elsewhere p 1 -1 0 0");
      assertThatThrownBy(bytes::next).isInstanceOfSatisfying(Followed.NoMore.class, turn::left);
    }
    view.runBefore(3, call -> isOf(call, "holder-000002"), () -> others("holder-000002", "elsewhere p 2 9 5 5"));
    try (Source.Bytes next = turn.instead().orElseThrow().open(5)) {
      assertThat(next.offset()).isEqualTo(5);
    }
    turn.end(false);
  }

  private static boolean isOf(Call call, String name) {
    return call.key().equals(BOARD.resolve(name));
  }

  private static void pastPatience() {
    long until = System.nanoTime() + PACE.unanswered().toNanos();
    while (System.nanoTime() <= until) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aLostHolderThatWakesLeavesItsSuccessor() throws Exception {
    Replicas.Turn lost = turn();
    assertThat(lost.instead()).isEmpty();
    others("holder-000002", "there p 1 -1 0 0");
    lost.end(false);
    shared.close();
    assertThat(board()).contains("holder-000002");
  }

  @Test
  void nobodyFollowsItself() throws Exception {
    others("holder-000001", "here process 0 -1 0 0");
    Replicas.Turn turn = turn();
    assertThat(turn.instead()).as("fetched here").isEmpty();
    assertThat(board()).contains("holder-000002");
    turn.end(false);
    shared.close();
    assertThat(board()).isEmpty();
  }

  @Test
  void aClaimWhoseAnswerIsLostIsTakenBack() throws Exception {
    view.failAfter(1, call -> isOf(call, "holder-000001"));
    assertThat(turn().instead()).as("fetched here").isEmpty();
    shared.close();
    assertThat(board()).isEmpty();
  }

  private static final String PIECE = "pieces/0000000000000000000-0000000000000000005";

  @Test
  void whoDistrustsWhatItWasGivenLeavesThePiecesOfOneThatFetches() throws Exception {
    others("holder-000001", "there p 1 -1 0 0");
    others(PIECE, "bytes");
    Replicas.Turn turn = turn();
    assertThat(turn.instead()).isPresent();
    turn.distrust();
    shared.close();
    assertThat(board()).contains(PIECE);
    assertThat(turn.instead()).as("fetched here").isEmpty();
  }

  @Test
  void piecesOfNobodyThatWereWrongGo() throws Exception {
    others("holder-000001", "there p 1 -1 0 0");
    others(PIECE, "bytes");
    Replicas.Turn turn = turn();
    assertThat(turn.instead()).isPresent();
    store.delete(BOARD.resolve("holder-000001"));
    turn.distrust();
    shared.close();
    assertThat(board()).doesNotContain(PIECE);
  }

  @Test
  void whatAHolderFetchedWronglyGoesEvenIfAnotherHoldsByThen() throws Exception {
    Replicas.Turn turn = turn();
    assertThat(turn.instead()).isEmpty();
    others(PIECE, "wrong");
    turn.pass();
    others("holder-000001", "there p 1 -1 0 0");
    turn.distrust();
    shared.close();
    assertThat(board()).contains("holder-000001").doesNotContain(PIECE);
  }

  @Test
  void whatAHolderLeftThatWasKilledBeforeItsCommitGoes() throws Exception {
    SharedFetches impatient = new SharedFetches(view, new BlobStore(view), "here", "process", QUICK);
    others("holder-000001", "there p 1 5 5 5");
    others(PIECE, "bytes");
    Replicas.Turn turn = impatient.turn(DIGEST, new NothingYet(directory));
    try (Source.Bytes bytes = turn.instead().orElseThrow().open(0)) {
      assertThat(bytes.next()).isPresent();
    }
    assertThat(turn.isStored()).isFalse();
    turn.end(true);
    impatient.close();
    assertThat(board()).isEmpty();
  }

  @Test
  void whoFollowsNoMoreWantsNothing() throws Exception {
    others("holder-000001", "there p 1 5 5 0");
    Replicas.Turn turn = turn();
    turn.instead().orElseThrow().open(0).close();
    assertThat(board()).contains("wanted-0000000000000000000-process");
    turn.left(new IOException("it cannot be followed"));
    shared.close();
    assertThat(board()).containsExactly("holder-000001");
  }

  @Test
  void whatOurOwnProcessWantedIsWantedByNobody() throws Exception {
    others("wanted-0000000000000000000-process", "");
    Board board = Board.of(store, DIGEST);
    assertThat(board.notes(new Said.Name("here", "process")).wanted()).isEmpty();
    assertThat(board.notes(new Said.Name("there", "another")).wanted()).hasValue(0);
  }
}
