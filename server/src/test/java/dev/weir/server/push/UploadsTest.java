package dev.weir.server.push;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.FaultyObjectStore.Operation;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoredObject;
import dev.weir.storage.fs.FsObjectStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class UploadsTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final RepositoryName OTHER = RepositoryName.parse("team/other");
  private static final OptionalLong ANYWHERE = OptionalLong.empty();
  private static final Seal SEAL = new Seal(new byte[]{1, 2, 3});

  @TempDir private Path directory;
  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private final BlobStore blobs = new BlobStore(store);
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private Uploads uploads;

  @BeforeEach
  void start() {
    uploads = restarted();
  }

  private Uploads restarted() {
    return new Uploads(directory.resolve("uploads"), blobs, SEAL, now::get);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve("uploads"))) {
      return all.toList();
    }
  }

  private byte[] stored(Digest digest) throws IOException {
    try (StoredObject object = blobs.open(digest).orElseThrow()) {
      return object.read().readAllBytes();
    }
  }

  private Upload find(Uploads in, Upload upload) throws IOException {
    return in.find(NAME, upload.session(), "u", uploads.state(NAME, upload, "u"));
  }

  private static void assertCode(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(RegistryException.class,
        e -> assertThat(e.code()).isEqualTo(code));
  }

  @ParameterizedTest
  @EnumSource(Digest.Algorithm.class)
  void whatIsFinishedIsStoredAndLinkedAndLeavesNothingBehind(Digest.Algorithm algorithm) throws IOException {
    byte[] blob = Body.random(1, 3_000);
    Digest digest = Digest.of(algorithm, blob);
    Upload upload = uploads.start();
    upload.append(Body.of(Arrays.copyOf(blob, 1_000)), ANYWHERE);
    upload.append(Body.of(Arrays.copyOfRange(blob, 1_000, 1_500), Arrays.copyOfRange(blob, 1_500, 2_000)),
        OptionalLong.of(1_000));
    uploads.finish(NAME, upload, Body.of(Arrays.copyOfRange(blob, 2_000, 3_000)), ANYWHERE, digest);
    assertThat(stored(digest)).isEqualTo(blob);
    assertThat(blobs.isLinked(NAME, digest)).isTrue();
    assertThat(files()).isEmpty();
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> find(uploads, upload));
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, upload::size);
  }

  @Test
  void aChunkWhoseClientLeavesIsTakenBackAlsoOutOfTheHash() throws IOException {
    byte[] blob = Body.random(2, 900);
    Upload upload = uploads.start();
    upload.append(Body.of(Arrays.copyOf(blob, 300)), ANYWHERE);
    assertThatThrownBy(() -> upload.append(Body.brokenAfter(Body.random(3, 500)), ANYWHERE))
        .hasMessageContaining("closed the connection");
    assertThat(upload.size()).isEqualTo(300);
    assertThatThrownBy(() -> uploads.finish(NAME, upload, Body.brokenAfter(Body.random(4, 5)), ANYWHERE,
        Digest.sha256(blob))).hasMessageContaining("closed the connection");
    uploads.finish(NAME, upload, Body.of(Arrays.copyOfRange(blob, 300, 900)), OptionalLong.of(300),
        Digest.sha256(blob));
    assertThat(stored(Digest.sha256(blob))).isEqualTo(blob);
  }

  @Test
  void anotherProcessGoesOnWhereOneEnded() throws IOException {
    byte[] blob = Body.random(5, 5_000_000);
    Upload before = uploads.start();
    before.append(Body.of(Arrays.copyOf(blob, 3_000_000)), ANYWHERE);
    Uploads after = restarted();
    Upload upload = find(after, before);
    assertThat(upload.size()).isEqualTo(3_000_000);
    after.finish(NAME, upload, Body.of(Arrays.copyOfRange(blob, 3_000_000, 5_000_000)), OptionalLong.of(3_000_000),
        Digest.sha256(blob));
    assertThat(stored(Digest.sha256(blob))).isEqualTo(blob);
  }

  @Test
  void restingBetweenChunksChangesNothing() throws IOException {
    byte[] blob = Body.random(6, 100);
    Upload upload = uploads.start();
    upload.append(Body.of(Arrays.copyOf(blob, 60)), ANYWHERE);
    uploads.rest();
    assertThat(upload.size()).isEqualTo(60);
    upload.append(Body.of(Arrays.copyOfRange(blob, 60, 100)), OptionalLong.of(60));
    uploads.rest();
    uploads.finish(NAME, upload, UploadBody.EMPTY, ANYWHERE, Digest.sha256(blob));
    assertThat(stored(Digest.sha256(blob))).isEqualTo(blob);
  }

  @Test
  void restingLeavesAChunkUnderWayAlone() throws Exception {
    byte[] blob = Body.random(7, 100);
    Upload upload = uploads.start();
    var body = new Body.Held(Arrays.copyOf(blob, 50), Body.of(Arrays.copyOfRange(blob, 50, 100)));
    var writing = Attempt.start(() -> upload.append(body, ANYWHERE));
    body.begun.await();
    uploads.rest();
    uploads.purge(Duration.ofDays(-3_650)); // of whatever is older than ten years from now
    body.goOn.countDown();
    writing.succeeds();
    uploads.finish(NAME, upload, UploadBody.EMPTY, ANYWHERE, Digest.sha256(blob));
    assertThat(stored(Digest.sha256(blob))).isEqualTo(blob);
  }

  @Test
  void filesOfManyUploadsAreNotAllOpenAtATimeAndNoneIsOnceTheServerStops() throws IOException {
    List<Upload> all = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      all.add(uploads.start());
      find(uploads, all.getLast()).append(Body.of(new byte[]{(byte) i}), ANYWHERE);
      assertThat(uploads.openFiles()).isBetween(1, 256);
    }
    for (Upload each : all) {
      assertThat(find(uploads, each).append(Body.of(new byte[]{7}), OptionalLong.of(1))).isEqualTo(2);
    }
    byte[] fourth = {3, 7};
    uploads.finish(NAME, all.get(3), UploadBody.EMPTY, ANYWHERE, Digest.sha256(fourth));
    assertThat(stored(Digest.sha256(fourth))).isEqualTo(fourth);
    uploads.close();
    assertThat(uploads.openFiles()).isZero();
  }

  @Test
  void sessionsThatAreOnlyBegunOrAskedForHoldNoFileOpen() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors));
    for (int i = 0; i < 50; i++) {
      Upload upload = uploads.start();
      assertThat(find(uploads, upload).size()).isZero();
    }
    assertThat(openUploads(descriptors)).isZero();
    Upload written = uploads.start();
    written.append(Body.of(new byte[10]), ANYWHERE);
    assertThat(openUploads(descriptors)).isEqualTo(1);
    uploads.rest();
    assertThat(openUploads(descriptors)).isZero();
    written.append(Body.of(new byte[10]), ANYWHERE);
    uploads.cancel(written);
    assertThat(openUploads(descriptors)).isZero();
  }

  private long openUploads(Path descriptors) throws IOException {
    try (Stream<Path> all = Files.list(descriptors)) {
      return all.filter(this::leadsToAnUpload).count();
    }
  }

  private boolean leadsToAnUpload(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(directory.resolve("uploads").toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void onlyWhatNobodyTouchedForLongIsPurged() throws IOException {
    Upload old = uploads.start();
    old.append(Body.of(new byte[10]), ANYWHERE);
    Upload young = uploads.start();
    touch(old, "2025-12-20T00:00:00Z");
    touch(young, "2025-12-31T00:00:00Z");
    Files.createFile(directory.resolve("uploads/not-a-session"));
    restarted().purge(Duration.ofDays(30));
    assertThat(files()).hasSize(3);
    uploads.purge(Duration.ofDays(7));
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> find(uploads, old));
    assertThat(find(uploads, young).size()).isZero();
    assertThat(files()).hasSize(2);
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> old.append(Body.of(new byte[1]), ANYWHERE));
  }

  private void touch(Upload upload, String when) throws IOException {
    Files.setLastModifiedTime(directory.resolve("uploads").resolve(upload.session()),
        FileTime.from(Instant.parse(when)));
  }

  @Test
  void anAddressIsGoodForItsRepositoryItsUserAndItsSessionOnly() throws IOException {
    Upload upload = uploads.start();
    String state = uploads.state(NAME, upload, "u");
    assertThat(uploads.find(NAME, upload.session(), "u", state)).isSameAs(upload);
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> uploads.find(OTHER, upload.session(), "u", state));
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> uploads.find(NAME, upload.session(), "v", state));
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> uploads.find(NAME, uploads.start().session(), "u", state));
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> uploads.find(NAME, upload.session(), "u", ""));
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN,
        () -> new Uploads(directory.resolve("uploads"), blobs, new Seal(new byte[]{9}), now::get).find(NAME,
            upload.session(), "u", state));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../http.secret", "x/../../y", "00000000-0000-0000-0000-00000000000G",
      "00000000-0000-0000-0000-000000000000/x", "00000000-0000-0000-0000-000000000000\n"})
  void aSessionIsNeverMoreThanANameInItsDirectory(String session) {
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN,
        () -> uploads.find(NAME, session, "u", SEAL.of(NAME, session, "u")));
  }

  @Test
  void ofTwoChunksForTheSamePlaceOneIsTaken() throws Exception {
    byte[] blob = Body.random(8, 200);
    Upload upload = uploads.start();
    var body = new Body.Held(Arrays.copyOf(blob, 100), Body.of(Arrays.copyOfRange(blob, 100, 200)));
    var first = Attempt.start(() -> upload.append(body, OptionalLong.of(0)));
    body.begun.await();
    var second = Attempt.start(() -> upload.append(Body.of(blob), OptionalLong.of(0)));
    second.awaitBlocked();
    body.goOn.countDown();
    first.succeeds();
    second.failsWith(ErrorCode.RANGE_INVALID);
    assertThat(upload.size()).isEqualTo(200);
  }

  /** A client that lost its connection, and comes back before weir has noticed. */
  @Test
  void whoComesBackWhileItsOldRequestStillHangsBeginsWhereThatBegan() throws Exception {
    byte[] blob = Body.random(9, 100);
    Upload upload = uploads.start();
    var hanging = new Body.Held(Body.random(10, 30), Body.brokenAfter(new byte[0]));
    var old = Attempt.start(() -> upload.append(hanging, ANYWHERE));
    hanging.begun.await();
    var again = Attempt.start(() -> upload.append(Body.of(blob), ANYWHERE));
    again.awaitBlocked();
    hanging.goOn.countDown();
    assertThat(old.failure()).hasMessageContaining("closed the connection");
    again.succeeds();
    uploads.finish(NAME, upload, UploadBody.EMPTY, ANYWHERE, Digest.sha256(blob));
    assertThat(stored(Digest.sha256(blob))).isEqualTo(blob);
  }

  @Test
  void ofTwoThatFinishAtOnceOneDoesAndNothingMixes() throws Exception {
    byte[] blob = Body.random(11, 100);
    Digest digest = Digest.sha256(blob);
    Upload upload = uploads.start();
    var body = new Body.Held(Arrays.copyOf(blob, 50), Body.of(Arrays.copyOfRange(blob, 50, 100)));
    var first = Attempt.start(() -> uploads.finish(NAME, upload, body, ANYWHERE, digest));
    body.begun.await();
    var second = Attempt.start(() -> uploads.finish(NAME, upload, Body.of(blob), ANYWHERE, digest));
    second.awaitBlocked();
    body.goOn.countDown();
    first.succeeds();
    second.failsWith(ErrorCode.BLOB_UPLOAD_UNKNOWN);
    assertThat(stored(digest)).isEqualTo(blob);
    assertThat(files()).isEmpty();
  }

  @Test
  void cancellingStopsAChunkUnderWay() throws Exception {
    Upload upload = uploads.start();
    var body = new Body.Held(new byte[10], Body.of(new byte[10], new byte[10]));
    var writing = Attempt.start(() -> upload.append(body, ANYWHERE));
    body.begun.await();
    var cancelling = Attempt.start(() -> uploads.cancel(upload));
    cancelling.awaitBlocked();
    body.goOn.countDown();
    writing.failsWith(ErrorCode.BLOB_UPLOAD_UNKNOWN);
    cancelling.succeeds();
    assertThat(files()).isEmpty();
  }

  @Test
  void cancellingWhileTheBlobIsCommittedTakesNothingFromIt() throws Exception {
    byte[] blob = Body.random(12, 100);
    Digest digest = Digest.sha256(blob);
    Upload upload = uploads.start();
    var cancelling = new AtomicReference<Attempt>();
    store.runBefore(1, call -> call.operation() == Operation.PUT_FILE, () -> {
      cancelling.set(Attempt.start(() -> uploads.cancel(upload)));
      cancelling.get().awaitBlocked();
      Attempt.start(() -> uploads.purge(Duration.ofDays(-3_650))).succeeds();
      assertThat(find(uploads, upload)).isSameAs(upload);
    });
    uploads.finish(NAME, upload, Body.of(blob), ANYWHERE, digest);
    cancelling.get().succeeds();
    assertThat(stored(digest)).isEqualTo(blob);
    assertThat(blobs.isLinked(NAME, digest)).isTrue();
    assertThat(files()).isEmpty();
  }

  /** A request that found the upload just before its end must not make it anew. */
  @Test
  void anUploadThatHasEndedDoesNotComeUpAgain() throws IOException {
    Upload upload = uploads.start();
    Upload found = find(uploads, upload);
    uploads.cancel(upload);
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> found.append(Body.of(new byte[5]), ANYWHERE));
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> find(uploads, upload));
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"PUT_FILE", "PUT_BYTES"})
  void afterAStoreThatFailedTheLastRequestCanBeSentAgain(Operation failing) throws IOException {
    byte[] blob = Body.random(13, 100);
    Digest digest = Digest.sha256(blob);
    store.failAt(1, call -> call.operation() == failing);
    Upload upload = uploads.start();
    upload.append(Body.of(Arrays.copyOf(blob, 40)), ANYWHERE);
    byte[] rest = Arrays.copyOfRange(blob, 40, 100);
    assertThatThrownBy(() -> uploads.finish(NAME, upload, Body.of(rest), ANYWHERE, digest))
        .hasMessageContaining("injected fault");
    assertThat(blobs.isLinked(NAME, digest)).isFalse();
    assertThat(find(uploads, upload).size()).isEqualTo(40);
    uploads.finish(NAME, find(uploads, upload), Body.of(rest), OptionalLong.of(40), digest);
    assertThat(blobs.isLinked(NAME, digest)).isTrue();
    assertThat(stored(digest)).isEqualTo(blob);
    assertThat(files()).isEmpty();
  }

  /** There the upload's file is the blob's, which must not be written to. */
  @Test
  void inADirectoryABlobWhoseLinkFailedStaysWhole() throws IOException {
    try (var files = new FsObjectStore(directory.resolve("data"))) {
      var faulty = new FaultyObjectStore(files).failAt(1, call -> call.operation() == Operation.PUT_BYTES);
      BlobStore there = new BlobStore(faulty);
      uploads = new Uploads(directory.resolve("uploads"), there, SEAL, now::get);
      byte[] blob = Body.random(14, 100);
      Digest digest = Digest.sha256(blob);
      Upload upload = uploads.start();
      upload.append(Body.of(Arrays.copyOf(blob, 40)), ANYWHERE);
      byte[] rest = Arrays.copyOfRange(blob, 40, 100);
      assertThatThrownBy(() -> uploads.finish(NAME, upload, Body.of(rest), ANYWHERE, digest))
          .hasMessageContaining("injected fault");
      assertThat(there.size(digest)).hasValue(100);
      uploads.finish(NAME, find(uploads, upload), Body.of(rest), OptionalLong.of(40), digest);
      assertThat(there.isLinked(NAME, digest)).isTrue();
      try (StoredObject object = there.open(digest).orElseThrow()) {
        assertThat(object.read().readAllBytes()).isEqualTo(blob);
      }
    }
  }

  @Test
  void aWrongDigestEndsTheUpload() throws IOException {
    Upload upload = uploads.start();
    assertCode(ErrorCode.DIGEST_INVALID,
        () -> uploads.finish(NAME, upload, Body.of(new byte[5]), ANYWHERE, Digest.sha256(new byte[6])));
    assertThat(files()).isEmpty();
    assertThat(memory.keys()).isEmpty();
  }
}
