package dev.weir.server.keep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.cache.Scratch;
import dev.weir.server.space.Holdings;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Changes;
import dev.weir.storage.DamagedBlobs;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.FaultyObjectStore.Call;
import dev.weir.storage.FaultyObjectStore.Operation;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ObjectKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DamageTest {
  private static final byte[] GOOD = Pusher.bytes(1, 300);
  private static final Digest BLOB = Digest.sha256(GOOD);
  private static final ObjectKey KEY = new ObjectKey(
      "docker/registry/v2/blobs/sha256/" + BLOB.hex().substring(0, 2) + "/" + BLOB.hex() + "/data");

  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private final Holdings holdings = new Holdings(InstantSource.system());
  private final BlobStore blobs = new BlobStore(store, holdings);
  private final DamagedBlobs aside = new DamagedBlobs(store, holdings, new Changes());
  private final AtomicInteger found = new AtomicInteger();
  private final AtomicInteger healed = new AtomicInteger();
  private final Damage damage = new Damage(blobs, aside, new Claims(Duration.ofHours(1), InstantSource.system()),
      holdings, new Damage.Events() {
        @Override
        public void found(Digest digest) {
          found.incrementAndGet();
        }

        @Override
        public void healed(Digest digest) {
          healed.incrementAndGet();
        }
      });

  private Verdict check() throws IOException {
    return damage.check(BLOB, Pace.unbounded(() -> false));
  }

  private static boolean opens(Call call) {
    return call.operation() == Operation.OPEN;
  }

  private void failReading(String message) {
    store.runBeforeAll(DamageTest::opens, () -> {
      throw new IOException(message);
    });
  }

  @Test
  void whatTheDiskCannotReadIsSetAsideUnread() throws IOException {
    memory.putBytes(KEY, GOOD);
    failReading("cannot open it: Input/output error");
    assertThat(check()).isInstanceOf(Verdict.Damaged.class);
    assertThat(memory.size(KEY)).isEmpty();
    assertThat(damage.lost()).containsExactly(BLOB);
    assertThat(found).hasValue(1);
    assertThat(healed).hasValue(0);
  }

  @Test
  void whatTheDiskGivesBackLaterIsServedAgain() throws IOException {
    memory.putBytes(KEY, GOOD);
    failReading("cannot open it: Input/output error");
    check();
    Damage later = new Damage(new BlobStore(memory, holdings), new DamagedBlobs(memory, holdings, new Changes()),
        new Claims(Duration.ofHours(1), InstantSource.system()), holdings, new Damage.Events() {
          @Override
          public void found(Digest digest) {}

          @Override
          public void healed(Digest digest) {}
        });
    later.healAll();
    assertThat(memory.get(KEY).orElseThrow()).isEqualTo(GOOD);
    assertThat(later.lost()).isEmpty();
    assertThat(aside.all()).isEmpty();
  }

  @Test
  void whatCannotBeOpenedForAnotherReasonStaysWhereItIs() {
    memory.putBytes(KEY, GOOD);
    failReading("Too many open files");
    assertThatThrownBy(this::check).isInstanceOf(IOException.class);
    assertThat(memory.size(KEY)).hasValue(GOOD.length);
  }

  @Test
  void aPushThatMendsABlobWhileItIsLookedAtIsNotLost() throws IOException {
    memory.putBytes(KEY, new byte[4]);
    store.runBefore(1, call -> call.operation() == Operation.MOVE, () -> memory.putBytes(KEY, GOOD));
    check();
    assertThat(memory.get(KEY).orElseThrow()).isEqualTo(GOOD);
    assertThat(aside.all()).isEmpty();
    assertThat(found).hasValue(0);
  }

  @Test
  void whatWasSetAsideIsForgottenWhenItIsHereAgain() throws IOException {
    memory.putBytes(KEY, new byte[4]);
    damage.healBy((digest, places) -> {
      throw new IOException("nobody has it");
    });
    assertThat(check())
        .isEqualTo(new Verdict.Damaged("its 4 bytes have the digest " + Digest.sha256(new byte[4]), false));
    assertThat(check()).isEqualTo(Verdict.ABSENT);
    damage.healBy((digest, places) -> blobs.commit(digest, GOOD));
    damage.healAll();
    assertThat(damage.lost()).isEmpty();
    assertThat(aside.all()).isEmpty();
    assertThat(check()).isEqualTo(new Verdict.Intact(GOOD.length));
    assertThat(healed).hasValue(1);
  }

  /** The store is far away: a medium that fails is the one that copies lie on. */
  @Test
  void aCopyThatCannotBeReadTakesNothingFromTheStore(@TempDir Path directory) throws IOException {
    memory.putBytes(KEY, GOOD);
    Scratch copies = Scratch.in(directory.resolve("hot"), List.of(), 1_000);
    copies.keep(BLOB, Files.write(directory.resolve("verified"), GOOD));
    Damage far = new Damage(blobs, aside, new Claims(Duration.ofHours(1), InstantSource.system()), holdings,
        new Damage.Events() {
          @Override
          public void found(Digest digest) {
            found.incrementAndGet();
          }

          @Override
          public void healed(Digest digest) {}
        }, Optional.of(copies));
    assertThat(far.isDamaged(BLOB, new IOException("Input/output error"))).isFalse();
    assertThat(memory.size(KEY)).hasValue(GOOD.length);
    assertThat(copies.open(BLOB)).isEmpty();
    assertThat(found).hasValue(0);
  }
}
