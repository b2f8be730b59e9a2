package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.budget.Budget;
import dev.weir.server.budget.Limits;
import dev.weir.server.budget.Urgency;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.replicas.Pace;
import dev.weir.server.replicas.SharedFetches;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.FaultyObjectStore.Call;
import dev.weir.storage.FaultyObjectStore.Operation;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Several weirs on one store, of which one fetches. */
final class SharedFetchTest {
  private static final int SIZE = 3_000_000;
  private static final byte[] CONTENT = DownloadRig.content(SIZE);
  private static final Digest DIGEST = Digest.sha256(CONTENT);
  private static final ObjectKey BOARD = new ObjectKey("weir/fetching/sha256-" + DIGEST.hex());
  private static final Pace PACE = new Pace(Duration.ofMillis(100), Duration.ofSeconds(3), Duration.ofSeconds(5),
      Duration.ofSeconds(5), Duration.ofMillis(40), Duration.ofMillis(20), 256 << 10);
  private static final Pace LAZY = new Pace(Duration.ofHours(1), Duration.ofHours(3), Duration.ofHours(3),
      Duration.ofHours(3), Duration.ofHours(1), Duration.ofHours(1), 256 << 10);

  @TempDir private Path directory;
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Replica> replicas = new ArrayList<>();

  /** A weir, but for everything that has nothing to do with it. */
  private final class Replica {
    private final FaultyObjectStore view;
    private final ScriptedSource upstream;
    private final SharedFetches shared;
    private final Downloads downloads;

    Replica(ObjectStore seen, ScriptedSource upstream, String place) throws IOException {
      this(seen, upstream, place, PACE);
    }

    Replica(ObjectStore seen, ScriptedSource upstream, String place, Pace pace) throws IOException {
      this.view = new FaultyObjectStore(seen);
      this.upstream = upstream;
      int number = replicas.size();
      Path home = Files.createDirectories(directory.resolve("replica" + number));
      BlobStore blobs = new BlobStore(view);
      this.shared = new SharedFetches(view, blobs, place, "process" + number, pace);
      this.downloads = new Downloads(blobs, home.resolve("partials"), new RecordedEvents(), Space.UNBOUNDED,
          Optional.of(Scratch.in(home.resolve("hot"), List.of(), 10 << 20, "")), shared, DownloadRig.QUICK, () -> 0);
      replicas.add(this);
    }

    BlobBody join() throws IOException {
      return downloads.join(DIGEST, List.of(upstream), DownloadRig.LONG);
    }

    byte[] pull() throws IOException {
      try (BlobBody body = join()) {
        return DownloadRig.read(body, 0);
      }
    }

    Future<byte[]> pulling() {
      return clients.submit((Callable<byte[]>) this::pull);
    }

    void isKilled() {
      view.dieAt(1, call -> true);
    }

    void close() throws IOException {
      downloads.close();
      shared.close();
    }
  }

  private Replica replica(ScriptedSource upstream) throws IOException {
    return new Replica(store, upstream, "place" + replicas.size());
  }

  @AfterEach
  void stop() throws IOException {
    for (Replica each : replicas) {
      each.upstream.allow(Long.MAX_VALUE);
      each.upstream.letOpen();
    }
    for (Replica each : replicas) {
      each.close();
    }
    clients.close();
  }

  private static ScriptedSource upstream() {
    return new ScriptedSource(CONTENT);
  }

  private static boolean isOfTheBoard(Call call) {
    return call.key().value().startsWith("weir/fetching");
  }

  private List<String> board() {
    return store.keys().map(ObjectKey::value).filter(key -> key.startsWith("weir/fetching")).toList();
  }

  private List<ObjectKey> pieces() {
    return store.keys().filter(key -> key.value().startsWith(BOARD + "/pieces/")).toList();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(5);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private static long given(ScriptedSource... all) {
    return Arrays.stream(all).mapToLong(ScriptedSource::given).sum();
  }

  @Test
  void threeReplicasOfTwentyClientsEachFetchAColdBlobOnce() throws Exception {
    ScriptedSource upstream = upstream().allow(500_000);
    for (int i = 0; i < 3; i++) {
      replica(upstream);
    }
    List<Future<byte[]>> pulls = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      pulls.add(replicas.get(i % 3).pulling());
    }
    await(() -> replicas.stream().allMatch(each -> !each.downloads.running().isEmpty()));
    upstream.allow(Long.MAX_VALUE);
    for (Future<byte[]> pull : pulls) {
      assertThat(pull.get()).isEqualTo(CONTENT);
    }
    assertThat(upstream.given()).isEqualTo(SIZE);
    assertThat(replicas.stream().flatMap(each -> each.view.calls().stream())
        .filter(call -> call.operation() == Operation.PUT_FILE && !isOfTheBoard(call))).as("stored once").hasSize(1);
    stop();
    assertThat(board()).isEmpty();
    assertThat(store.openObjects()).isZero();
  }

  @Test
  void whoFollowsSeesBytesWhileTheHolderStillWaitsForMore() throws Exception {
    ScriptedSource slow = upstream().allow(1_000_000);
    Replica first = replica(slow);
    Replica second = replica(upstream());
    try (BlobBody held = first.join(); BlobBody followed = second.join()) {
      assertThat(followed.size()).isEqualTo(SIZE);
      for (long there = 0; there < 1_000_000;) {
        there = followed.awaitBeyond(there);
      }
      assertThat(given(second.upstream)).isZero();
      slow.allow(Long.MAX_VALUE);
      assertThat(DownloadRig.read(followed, 0)).isEqualTo(CONTENT);
      assertThat(DownloadRig.read(held, 0)).isEqualTo(CONTENT);
    }
    assertThat(given(slow, second.upstream)).isEqualTo(SIZE);
  }

  @Test
  void whoFollowsGoesOnWhereAKilledHolderWas() throws Exception {
    Replica first = replica(upstream().allow(1_000_000));
    Replica second = replica(upstream());
    Replica third = replica(upstream());
    Future<byte[]> lost = first.pulling();
    first.upstream.awaitOpened();
    try (BlobBody one = second.join(); BlobBody other = third.join()) {
      for (long there = 0; there < 1_000_000;) {
        there = Math.min(one.awaitBeyond(there), other.awaitBeyond(there));
      }
      first.isKilled();
      assertThat(DownloadRig.read(one, 0)).isEqualTo(CONTENT);
      assertThat(DownloadRig.read(other, 0)).isEqualTo(CONTENT);
    }
    assertThat(given(first.upstream, second.upstream, third.upstream)).isBetween((long) SIZE, SIZE * 105L / 100);
    first.upstream.allow(Long.MAX_VALUE);
    assertThat(lost.get()).as("what it has is right, though it cannot be stored").isEqualTo(CONTENT);
  }

  @Test
  void aHolderThatStopsLeavesTheRestToAnotherAtOnce() throws Exception {
    Replica first = replica(upstream().allow(1_000_000).then(upstream().breakingAt(1_000_000)));
    Replica second = replica(upstream());
    Future<byte[]> stopped = first.pulling();
    first.upstream.awaitOpened();
    try (BlobBody followed = second.join()) {
      for (long there = 0; there < 990_000;) {
        there = followed.awaitBeyond(there);
      }
      Thread closing = Thread.startVirtualThread(() -> {
        try {
          first.downloads.close();
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      });
      first.upstream.allow(Long.MAX_VALUE);
      assertThat(DownloadRig.read(followed, 0)).isEqualTo(CONTENT);
      closing.join();
    }
    assertThatThrownBy(stopped::get).hasMessageContaining("broken at 1000000");
    assertThat(given(first.upstream, second.upstream)).isEqualTo(SIZE);
  }

  private void damageAPiece() throws Exception {
    store.putBytes(BOARD.resolve("wanted-0000000000000000000-other"), new byte[1]);
    await(() -> pieces().size() >= 3);
    ObjectKey hit = pieces().get(1);
    byte[] damaged = store.get(hit).orElseThrow();
    damaged[100]++;
    store.putBytes(hit, damaged);
  }

  @Test
  void anUpstreamThatCompletesDamagedPiecesIsStillTheFirstToBeAsked() throws Exception {
    Replica first = replica(upstream().allow(1_000_000));
    Replica second = replica(upstream());
    ScriptedSource another = upstream();
    Future<byte[]> lost = first.pulling();
    first.upstream.awaitOpened();
    damageAPiece();
    first.isKilled();
    List<Source> both = List.of(second.upstream, another);
    try (BlobBody wrong = second.downloads.join(DIGEST, both, DownloadRig.LONG)) {
      assertThatThrownBy(() -> DownloadRig.read(wrong, 0)).hasMessageContaining("digest mismatch");
    }
    await(() -> pieces().isEmpty()); // nobody else is to have them
    try (BlobBody right = second.downloads.join(DIGEST, both, DownloadRig.LONG)) {
      assertThat(DownloadRig.read(right, 0)).isEqualTo(CONTENT);
    }
    assertThat(second.upstream.opened()).hasSize(2);
    assertThat(another.opened()).isEmpty();
    first.upstream.allow(Long.MAX_VALUE);
    assertThat(lost.get()).isEqualTo(CONTENT);
  }

  @Test
  void damagedPiecesAreHeldAgainstNoUpstreamAndTheNextTryIsRight() throws Exception {
    Replica first = replica(upstream().allow(1_000_000));
    Replica second = replica(upstream());
    Future<byte[]> right = first.pulling();
    first.upstream.awaitOpened();
    damageAPiece();
    Future<byte[]> wrong = second.pulling();
    await(() -> second.downloads.running().stream().anyMatch(each -> each.received() > 500_000));
    first.upstream.allow(Long.MAX_VALUE);
    assertThat(right.get()).isEqualTo(CONTENT);
    assertThatThrownBy(wrong::get).hasMessageContaining("digest mismatch");
    assertThat(given(second.upstream)).isZero();
    try (BlobBody again = second.join()) {
      assertThat(again.isWholeOnly()).isTrue();
      assertThat(DownloadRig.read(again, 0)).isEqualTo(CONTENT);
    }
    assertThat(second.pull()).isEqualTo(CONTENT);
  }

  @Test
  void aStoreThatKeepsNobodyApartCostsAFetchEach() throws Exception {
    ObjectStore plain = new WithoutConditions(store);
    Replica first = new Replica(plain, upstream().allow(1_000_000), "a");
    Replica second = new Replica(plain, upstream().allow(1_000_000), "b");
    Future<byte[]> one = first.pulling();
    Future<byte[]> other = second.pulling();
    first.upstream.awaitOpened();
    second.upstream.awaitOpened();
    first.upstream.allow(Long.MAX_VALUE);
    second.upstream.allow(Long.MAX_VALUE);
    assertThat(one.get()).isEqualTo(CONTENT);
    assertThat(other.get()).isEqualTo(CONTENT);
    assertThat(given(first.upstream, second.upstream)).isEqualTo(2L * SIZE);
  }

  /** Where everybody is told to have been first. */
  private static final class WithoutConditions extends StoreView {
    WithoutConditions(ObjectStore inner) {
      super(inner);
    }

    @Override
    public boolean putIfAbsent(ObjectKey key, byte[] value) throws IOException {
      putBytes(key, value);
      return true;
    }
  }

  @Test
  void whatIsTakenAwayWhileItIsReadIsInTheStoreByThen() throws Exception {
    Replica first = replica(upstream().allow(1_000_000));
    TooLate late = new TooLate(store);
    Replica second = new Replica(late, upstream(), "late");
    Future<byte[]> held = first.pulling();
    first.upstream.awaitOpened();
    Future<byte[]> followed = second.pulling();
    late.awaitRead();
    first.upstream.allow(Long.MAX_VALUE);
    assertThat(held.get()).isEqualTo(CONTENT);
    assertThat(followed.get()).isEqualTo(CONTENT);
    assertThat(second.upstream.opened()).isEmpty();
  }

  @Test
  void aStoreThatRefusesWhatWeirsTellEachOtherCostsAFetchEach() throws Exception {
    Replica first = replica(upstream());
    Replica second = replica(upstream().allow(1_000_000));
    for (Replica each : List.of(first, second)) {
      each.view.runBeforeAll(SharedFetchTest::isOfTheBoard, () -> {
        throw new IOException("refused");
      });
    }
    Future<byte[]> other = second.pulling();
    second.upstream.awaitOpened();
    assertThat(first.pull()).isEqualTo(CONTENT);
    second.upstream.allow(Long.MAX_VALUE);
    assertThat(other.get()).isEqualTo(CONTENT);
  }

  @Test
  void troubleWhileFollowingCostsNoMoreThanTheRest() throws Exception {
    Replica first = replica(upstream().allow(1_000_000));
    Replica second = replica(upstream());
    Future<byte[]> held = first.pulling();
    first.upstream.awaitOpened();
    try (BlobBody followed = second.join()) {
      for (long there = 0; there < 900_000;) {
        there = followed.awaitBeyond(there);
      }
      second.view.runBeforeAll(SharedFetchTest::isOfTheBoard, () -> {
        throw new IOException("refused");
      });
      assertThat(DownloadRig.read(followed, 0)).isEqualTo(CONTENT);
    }
    assertThat(second.upstream.given()).isBetween(SIZE - 1_000_000L, SIZE - 900_000L);
    first.upstream.allow(Long.MAX_VALUE);
    assertThat(held.get()).isEqualTo(CONTENT);
  }

  @Test
  void nobodyWaitsForAHolderThatGetsNoAnswer() throws Exception {
    Replica first = replica(upstream().holdOpening());
    Replica second = replica(upstream());
    Future<byte[]> held = first.pulling();
    first.upstream.awaitOpened();
    assertThat(second.pull()).isEqualTo(CONTENT);
    first.upstream.letOpen();
    assertThat(held.get()).isEqualTo(CONTENT);
  }

  @Test
  void whatTheHolderIsRefusedAnotherMayGet() throws Exception {
    RegistryException refusal = new RegistryException(ErrorCode.DENIED, "not for you");
    Replica first = replica(upstream().holdOpening().then(upstream().refusing(refusal)));
    Replica second = replica(upstream());
    Future<byte[]> held = first.pulling();
    first.upstream.awaitOpened();
    Future<byte[]> followed = second.pulling();
    await(() -> board().stream().anyMatch(key -> key.contains("wanted")));
    first.upstream.letOpen();
    assertThatThrownBy(held::get).hasMessageContaining("not for you");
    assertThat(followed.get()).isEqualTo(CONTENT);
  }

  @Test
  void whoFindsItStoredWhenItsTurnComesFetchesNothing() throws Exception {
    Replica first = replica(upstream());
    Replica second = replica(upstream());
    second.view.runBefore(1, SharedFetchTest::isOfTheBoard, () -> {
      assertThat(first.pull()).isEqualTo(CONTENT);
      first.close();
    });
    assertThat(second.pull()).isEqualTo(CONTENT);
    assertThat(second.upstream.opened()).isEmpty();
  }

  /** A source whose transfers are bounded. */
  private record Bounded(ScriptedSource source, Budget budget) implements Source {
    @Override
    public Bytes open(long from) throws IOException {
      return source.open(from);
    }
  }

  @Test
  void nobodyFollowsADownloadThatStillWaitsForItsPlace() throws Exception {
    Budget budget = new Budget(new Limits(OptionalLong.empty(), OptionalInt.of(1), 0), null, System::nanoTime,
        () -> true);
    Replica first = replica(upstream());
    Replica second = replica(upstream());
    List<Source> bounded = List.of(new Bounded(first.upstream, budget));
    Budget.Permit taken = budget.begin(() -> Urgency.CLIENT);
    Future<byte[]> waiting = clients.submit(() -> {
      try (BlobBody body = first.downloads.join(DIGEST, bounded, DownloadRig.LONG)) {
        return DownloadRig.read(body, 0);
      }
    });
    try (taken) {
      await(() -> !first.downloads.running().isEmpty());
      assertThat(second.pull()).isEqualTo(CONTENT);
      assertThat(second.view.calls()).noneMatch(call -> call.key().value().contains("wanted"));
    }
    assertThat(waiting.get()).isEqualTo(CONTENT);
    assertThat(first.upstream.opened()).isEmpty();
  }

  @Test
  void whatAnEarlierProcessOfOursLeftIsTakenOverAtOnce() throws Exception {
    store.putBytes(BOARD.resolve("holder-000001"), "place0 before 7 3000000 5 0".getBytes(US_ASCII));
    Replica only = replica(upstream());
    assertThat(only.pull()).isEqualTo(CONTENT);
    assertThat(only.view.calls()).noneMatch(call -> call.key().value().contains("wanted"));
    stop();
    assertThat(board()).isEmpty();
  }

  @Test
  void whatCannotBeReadIsNobodysTrouble() throws Exception {
    store.putBytes(BOARD.resolve("holder-000001"), "what is this".getBytes(US_ASCII));
    assertThat(replica(upstream()).pull()).isEqualTo(CONTENT);
  }

  @Test
  void whatWasLeftIsThrownAwayOnceItIsOld() throws Exception {
    Instant now = Instant.parse("2026-11-22T00:00:00Z");
    Replica any = replica(upstream());
    store.tellWritten(() -> now);
    store.putBytes(BOARD.resolve("holder-000001"), "place0 before 7 3000000 5 0".getBytes(US_ASCII));
    store.putBytes(BOARD.resolve("wanted-0000000000000000000-other"), new byte[1]);
    store.putBytes(BOARD.resolve("pieces/0000000000000000000-0000000000000000005"), new byte[5]);
    any.shared.purge(now.minusSeconds(1));
    assertThat(board()).hasSize(3);
    any.shared.purge(now.plusSeconds(1));
    assertThat(board()).isEmpty();
  }

  @Test
  void aBlobThatNobodyElseWantsCostsAHandfulOfCallsMore() throws Exception {
    Replica only = new Replica(store, upstream(), "only", LAZY);
    assertThat(only.pull()).isEqualTo(CONTENT);
    stop();
    assertThat(only.view.calls().stream().filter(SharedFetchTest::isOfTheBoard)).hasSizeLessThanOrEqualTo(5);
    assertThat(board()).isEmpty();
    int before = only.view.calls().size();
    assertThat(only.pull()).isEqualTo(CONTENT);
    assertThat(only.view.calls()).as("warm").hasSize(before);
  }

  @Test
  void oneFailedPutDoesNotEndWhatIsHandedOn() throws Exception {
    Replica first = replica(upstream().allow(1_000_000));
    Replica second = replica(upstream());
    first.view.runBefore(1, call -> call.operation() == Operation.PUT_FILE && isOfTheBoard(call), () -> {
      throw new IOException("refused this once");
    });
    Future<byte[]> held = first.pulling();
    first.upstream.awaitOpened();
    try (BlobBody followed = second.join()) {
      for (long there = 0; there < 900_000;) {
        there = followed.awaitBeyond(there);
      }
      first.upstream.allow(Long.MAX_VALUE);
      assertThat(DownloadRig.read(followed, 0)).isEqualTo(CONTENT);
    }
    assertThat(held.get()).isEqualTo(CONTENT);
    assertThat(second.upstream.opened()).isEmpty();
  }
}
