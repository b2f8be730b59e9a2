package dev.weir.server.push;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.cache.Space;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.FaultyObjectStore.Call;
import dev.weir.storage.FaultyObjectStore.Operation;
import dev.weir.storage.HalfUploads;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoredObject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Uploads whose requests come to one of two processes on one store, called A and B here. */
class SharedUploadsTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final OptionalLong ANYWHERE = OptionalLong.empty();
  private static final Seal SEAL = new Seal(new byte[]{1, 2, 3});

  @TempDir private Path directory;
  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private final BlobStore blobs = new BlobStore(store);
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

  private Uploads process(String name) {
    return new Uploads(directory.resolve(name), blobs, Space.UNBOUNDED, Optional.of(new HalfUploads(store, blobs)),
        SEAL, now::get, Custody.NONE);
  }

  private static Upload find(Uploads in, Upload upload) throws IOException {
    return in.find(NAME, upload.session(), "u", in.state(NAME, upload, "u"));
  }

  private byte[] stored(Digest digest) throws IOException {
    try (StoredObject object = blobs.open(digest).orElseThrow()) {
      return object.read().readAllBytes();
    }
  }

  private long files(String process) throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve(process))) {
      return all.count();
    }
  }

  private static void assertCode(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(RegistryException.class,
        e -> assertThat(e.code()).isEqualTo(code));
  }

  private static boolean isPiece(Call call) {
    return call.operation() == Operation.PUT_FILE && call.key().value().startsWith("weir/uploads/");
  }

  @Test
  void whatBeganAtOneGoesOnAtTheOther() throws IOException {
    byte[] blob = Body.random(1, 3_000);
    Uploads a = process("a");
    Uploads b = process("b");
    Upload upload = a.start();
    upload.append(Body.of(Arrays.copyOf(blob, 1_000)), ANYWHERE);
    find(b, upload).append(Body.of(Arrays.copyOfRange(blob, 1_000, 2_000)), OptionalLong.of(1_000));
    a.finish(NAME, find(a, upload), Body.of(Arrays.copyOfRange(blob, 2_000, 3_000)), OptionalLong.of(2_000),
        Digest.sha256(blob));
    assertThat(stored(Digest.sha256(blob))).isEqualTo(blob);
    assertThat(files("a")).isZero();
    assertCode(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> find(b, upload).size());
  }

  /** Both see an empty upload; the one whose bytes are right has its piece stored first, then the other has. */
  @Test
  void otherBytesOfTheSameLengthTakenElsewhereNeverBecomeTheBlob() throws IOException {
    byte[] right = Body.random(2, 500);
    byte[] wrong = Body.random(3, 500);
    for (int round = 0; round < 8; round++) { // which of the two pieces counts is a matter of chance
      Uploads a = process("a");
      Uploads b = process("b");
      Upload upload = a.start();
      Upload elsewhere = find(b, upload);
      var other = new FaultyObjectStore(memory);
      other.runBefore(1, SharedUploadsTest::isPiece, () -> upload.append(Body.of(right), ANYWHERE));
      Uploads late = new Uploads(directory.resolve("late"), blobs, Space.UNBOUNDED,
          Optional.of(new HalfUploads(other, blobs)), SEAL, now::get, Custody.NONE);
      find(late, elsewhere).append(Body.of(wrong), ANYWHERE);
      try {
        a.finish(NAME, find(a, upload), UploadBody.EMPTY, ANYWHERE, Digest.sha256(right));
      } catch (RegistryException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.DIGEST_INVALID);
        continue;
      }
      assertThat(stored(Digest.sha256(right))).isEqualTo(right);
    }
  }

  /** A file that is as long as the pieces are together may still hold other bytes. */
  @Test
  void whatThisProcessTookWithoutSuccessIsForgottenForWhatAnotherTook() throws IOException {
    byte[] mine = Body.random(4, 500);
    byte[] theirs = Body.random(5, 500);
    Uploads a = process("a");
    Uploads b = process("b");
    Upload upload = a.start();
    upload.append(Body.of(mine), ANYWHERE);
    for (String key : memory.keys().map(Object::toString).filter(key -> key.contains("-0000000000000000500-"))
        .toList()) {
      assertThat(memory.delete(new ObjectKey(key))).isTrue();
    }
    find(b, upload).append(Body.of(theirs), OptionalLong.of(0));
    a.finish(NAME, find(a, upload), UploadBody.EMPTY, ANYWHERE, Digest.sha256(theirs));
    assertThat(stored(Digest.sha256(theirs))).isEqualTo(theirs);
  }

  @Test
  void afterAStoreThatFailedTheLastRequestCanBeSentAgainToEither() throws IOException {
    byte[] blob = Body.random(6, 500);
    Digest digest = Digest.sha256(blob);
    Uploads a = process("a");
    Upload upload = a.start();
    upload.append(Body.of(Arrays.copyOf(blob, 300)), ANYWHERE);
    store.failAt(1, call -> call.operation() == Operation.PUT_FILE).failAt(1,
        call -> call.operation() == Operation.PUT_BYTES);
    byte[] rest = Arrays.copyOfRange(blob, 300, 500);
    for (Uploads each : List.of(a, process("b"))) {
      assertThatThrownBy(() -> each.finish(NAME, find(each, upload), Body.of(rest), ANYWHERE, digest))
          .hasMessageContaining("injected fault");
      assertThat(find(a, upload).size()).isEqualTo(300);
    }
    a.finish(NAME, find(a, upload), Body.of(rest), OptionalLong.of(300), digest);
    assertThat(stored(digest)).isEqualTo(blob);
    assertThat(blobs.isLinked(NAME, digest)).isTrue();
  }

  @Test
  void whatRestsTakesNoRoomHereAndGoesOn() throws IOException {
    byte[] blob = Body.random(7, 500);
    Uploads a = process("a");
    Upload upload = a.start();
    upload.append(Body.of(Arrays.copyOf(blob, 300)), ANYWHERE);
    a.tidy();
    assertThat(files("a")).isEqualTo(1);
    now.updateAndGet(time -> time.plus(Duration.ofMinutes(10)));
    a.tidy();
    assertThat(files("a")).isZero();
    assertThatThrownBy(upload::size).hasMessageContaining("can be sent again");
    a.finish(NAME, find(a, upload), Body.of(Arrays.copyOfRange(blob, 300, 500)), OptionalLong.of(300),
        Digest.sha256(blob));
    assertThat(stored(Digest.sha256(blob))).isEqualTo(blob);
  }

  @Test
  void whatIsBeingAskedForAtAnotherProcessIsNotPutAwayMeanwhile() throws IOException {
    byte[] blob = Body.random(8, 500);
    Upload upload = process("a").start();
    Uploads b = process("b");
    store.runBefore(1, call -> call.operation() == Operation.CHILDREN && call.key().value().startsWith("weir/uploads/"),
        b::tidy);
    find(b, upload).append(Body.of(blob), ANYWHERE);
    b.finish(NAME, find(b, upload), Body.of(new byte[0]), ANYWHERE, Digest.sha256(blob));
    assertThat(stored(Digest.sha256(blob))).isEqualTo(blob);
  }
}
