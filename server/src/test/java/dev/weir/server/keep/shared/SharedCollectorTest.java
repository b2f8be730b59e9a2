package dev.weir.server.keep.shared;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;

import dev.weir.server.keep.Pusher;
import dev.weir.server.keep.shared.Replicas.Replica;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.StoreUnavailableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Collecting in one bucket by several weirs, step by step, in a time that stands still unless it is told to pass. */
final class SharedCollectorTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Replicas all = new Replicas();
  private final Replica a = all.start("a");
  private final Replica b = all.startServing("b");

  /** Until one collects, and has published what it found. */
  private void untilCondemned() throws IOException {
    all.pass(MINUTE);
    assertThat(all.keys("weir/gc/condemned")).hasSize(1);
  }

  private void untilDone() throws IOException {
    all.pass(Replicas.NOTICE.plus(MINUTE));
  }

  @Test
  void whatNoManifestNamesGoesAfterTheNoticeAndTheRestStays() throws IOException {
    Digest orphan = all.orphan(1);
    byte[] layer = Replicas.bytes(2);
    Digest named = all.orphan(2);
    Manifest manifest = Pusher.image(layer);
    assertThat(b.stores(manifest, layer)).isTrue();
    untilCondemned();
    assertThat(a.collector.state().condemned()).isEqualTo(1);
    assertThat(a.collector.state().owner()).isEqualTo("a");

    all.pass(Replicas.NOTICE.minus(MINUTE.multipliedBy(2)));
    assertThat(all.isHere(orphan)).isTrue();
    untilDone();

    assertThat(all.isHere(orphan)).isFalse();
    assertThat(all.isHere(named)).isTrue();
    assertThat(all.isHere(manifest.digest())).isTrue();
    assertThat(all.content.blobs().isLinked(Replicas.APP, orphan)).isFalse();
    assertThat(all.content.blobs().isLinked(Replicas.APP, named)).isTrue();
    assertThat(all.keys("weir/gc/")).containsExactly("weir/gc/last", "weir/gc/owner/0000000000000000001");
    assertThat(b.collector.state().lastBlobs()).isEqualTo(1);
  }

  @Test
  void whoeverWasToldThatABlobIsThereBeforeTheListWasKnownPutsTheManifestWithinTheGrace() throws IOException {
    Digest blob = all.orphan(1);
    all.pass(Duration.ofSeconds(20)); // b has just looked
    assertThat(b.tells(blob)).isTrue();
    untilCondemned();
    all.pass(Replicas.GRACE.minus(MINUTE));
    Manifest manifest = Pusher.image(Replicas.bytes(1));
    assertThat(b.stores(manifest, Replicas.bytes(1))).isTrue();
    untilDone();
    untilDone();
    assertThat(all.isHere(blob)).isTrue();
    assertThat(all.isHere(manifest.digest())).isTrue();
  }

  @Test
  void whoeverIsToldLaterPutsTheManifestAfterTheDeletionWouldHaveBeenDue() throws IOException {
    Digest blob = all.orphan(1);
    Digest other = all.orphan(2);
    untilCondemned();
    all.pass(Replicas.NOTICE.minus(MINUTE.multipliedBy(2)));
    assertThat(b.tells(blob)).isTrue();
    all.pass(MINUTE.multipliedBy(20));
    assertThat(all.isHere(other)).isFalse();
    assertThat(b.stores(Pusher.image(Replicas.bytes(1)), Replicas.bytes(1))).isTrue();
    all.pass(Duration.ofHours(30));
    assertThat(all.isHere(blob)).isTrue();
  }

  @Test
  void aManifestThatIsStoredWithoutAWordStillKeepsWhatItNames() throws IOException {
    Digest blob = all.orphan(1);
    untilCondemned();
    all.pass(MINUTE.multipliedBy(30));
    all.content.manifests().putOwned(Replicas.APP, Pusher.image(Replicas.bytes(1))); // as another program would
    untilDone();
    assertThat(all.isHere(blob)).isTrue();
  }

  @Test
  void aBlobWhoseKeepingIsEnteredJustBeforeItsDeletionBeginsStays() throws IOException {
    Digest blob = all.orphan(1);
    untilCondemned();
    AtomicBoolean told = new AtomicBoolean();
    a.own.on((operation, key, isOver) -> {
      if (isDeletion(operation, key) && !isOver && !told.get()) {
        told.set(b.tells(blob));
      }
    });
    untilDone();
    assertThat(told).isTrue();
    assertThat(all.isHere(blob)).isTrue();
  }

  private boolean isDeletion(String operation, String key) {
    return operation.equals("put") && key.equals("weir/gc/stage");
  }

  @Test
  void aBlobWhoseKeepingIsEnteredTooLateIsSaidToBeGone() throws Exception {
    Digest blob = all.orphan(1);
    untilCondemned();
    AtomicBoolean told = new AtomicBoolean();
    AtomicInteger looks = new AtomicInteger();
    AtomicBoolean isEntered = new AtomicBoolean();
    Thread asking = Thread.ofVirtual().unstarted(() -> {
      try {
        told.set(b.tells(blob));
      } catch (IOException e) {
        told.set(false); // its time was over, and nothing was promised
      }
    });
    a.own.on((operation, key, isOver) -> {
      if (operation.equals("list") && key.startsWith("weir/gc/kept") && isOver
          && asking.getState() == Thread.State.NEW) {
        b.own.on(looksAfterEntry(isEntered, looks));
        asking.start();
        while (asking.isAlive() && looks.get() < 2) {
          LockSupport.parkNanos(100_000);
        }
      }
    });
    untilDone();
    asking.join(Duration.ofSeconds(20));
    assertThat(isEntered).isTrue();
    assertThat(all.isHere(blob)).isFalse();
    assertThat(told).isFalse();
  }

  private static SharedStore.Happening looksAfterEntry(AtomicBoolean isEntered, AtomicInteger looks) {
    return (operation, key, isOver) -> {
      isEntered.compareAndSet(false, key.startsWith("weir/gc/kept") && isOver);
      looks.addAndGet(isEntered.get() && operation.equals("get") && isOver ? 1 : 0);
    };
  }

  @Test
  void whatIsNotDecidedInTimeIsNotPromised() throws IOException {
    Digest blob = all.orphan(1);
    untilCondemned();
    all.kill(a);
    all.store.putBytes(new ObjectKey("weir/gc/stage"), new Stage(theList(), 0).bytes());
    all.pass(MINUTE);
    b.own.on((operation, key, isOver) -> all.freeze(Duration.ofSeconds(4)));
    assertThatThrownBy(() -> b.tells(blob)).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void aListWhoseOwnerDiedIsCarriedOutByAnother() throws IOException {
    Digest orphan = all.orphan(1);
    Digest kept = all.orphan(2);
    Replica c = all.start("c");
    untilCondemned();
    assertThat(b.tells(kept)).isTrue();
    all.kill(a);
    all.pass(Tempo.DEFAULT.takeover().plus(MINUTE));
    assertThat(c.lease.isHeld()).isTrue();
    untilDone();
    assertThat(all.isHere(orphan)).isFalse();
    assertThat(all.isHere(kept)).isTrue();
  }

  @Test
  void aDeletionWhoseOwnerDiedInTheMiddleHoldsNobodyUpAndIsMadeUpFor() throws IOException {
    List<Digest> orphans = List.of(all.orphan(1), all.orphan(2), all.orphan(3));
    Digest wanted = all.orphan(4);
    Replica c = all.start("c");
    untilCondemned();
    a.own.on((operation, key, isOver) -> {
      if (operation.equals("delete") && key.contains("/blobs/") && isOver) {
        all.kill(a);
        a.own.on((any, other, over) -> {
          throw new IOException("dead");
        });
      }
    });
    untilDone();
    all.pass(MINUTE.multipliedBy(2));
    assertThat(b.tells(wanted)).as("it is there, or it is not").isEqualTo(all.isHere(wanted));
    boolean wasThere = all.isHere(wanted);
    assertThat(c.lease.isHeld()).isTrue();
    untilDone();
    untilDone();
    for (Digest orphan : orphans) {
      assertThat(all.isHere(orphan)).isFalse();
    }
    assertThat(all.isHere(wanted)).isEqualTo(wasThere);
  }

  @Test
  void anOwnerThatStoodStillDeletesNothingWhenItGoesOn() throws IOException {
    Digest orphan = all.orphan(1);
    untilCondemned();
    AtomicBoolean stood = new AtomicBoolean();
    a.own.on((operation, key, isOver) -> {
      if (isDeletion(operation, key) && isOver && stood.compareAndSet(false, true)) {
        all.freeze(Tempo.DEFAULT.takeover());
      }
    });
    all.pass(Replicas.NOTICE.minus(MINUTE));
    while (!stood.get()) {
      all.pass(Duration.ofSeconds(5));
    }
    assertThat(all.isHere(orphan)).isTrue();
  }

  @Test
  void whatADeletedImageNamedNeedNotBeOld() throws IOException {
    all.store.tellWritten(all::now);
    Digest young = all.orphan(1);
    Digest released = all.orphan(2);
    b.collector.released(List.of(released));
    untilCondemned();
    untilDone();
    assertThat(all.isHere(young)).isTrue();
    assertThat(all.isHere(released)).isFalse();
    assertThat(all.keys("weir/gc/released")).isEmpty();
  }

  @Test
  void anybodyCanHaveTheOwnerLookAgain() throws IOException {
    all.pass(MINUTE);
    Digest orphan = all.orphan(1);
    all.pass(MINUTE.multipliedBy(10));
    assertThat(all.keys("weir/gc/condemned")).isEmpty();
    b.collector.want();
    all.pass(MINUTE);
    assertThat(all.keys("weir/gc/condemned")).hasSize(1);
    assertThat(b.collector.state().state()).contains("1 blobs are condemned").contains("100 bytes");
    untilDone();
    assertThat(all.isHere(orphan)).isFalse();
  }

  @Test
  void nothingGoesWhileAManifestIsDamaged() throws IOException {
    Digest orphan = all.orphan(1);
    all.orphan(2);
    Manifest manifest = Pusher.image(Replicas.bytes(2));
    all.content.manifests().putOwned(Replicas.APP, manifest);
    untilCondemned();
    String hex = manifest.digest().hex();
    all.store.putBytes(new ObjectKey("docker/registry/v2/blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data"),
        new byte[]{'x'});
    untilDone();
    assertThat(all.isHere(orphan)).isTrue();
    assertThat(all.keys("weir/gc/condemned")).isEmpty();
  }

  @Test
  void moreThanOneListHoldsGoByTheNext() throws IOException {
    for (int i = 0; i < Condemned.MOST + 5; i++) {
      all.orphan(i);
    }
    untilCondemned();
    untilDone();
    untilDone();
    assertThat(all.keys("docker/registry/v2/blobs/")).isEmpty();
  }

  @Test
  void aStageThatAFormerOwnerWroteLateStopsNothing() throws IOException {
    Digest orphan = all.orphan(1);
    untilCondemned();
    Stage late = new Stage(theList(), 0);
    untilDone();
    assertThat(all.isHere(orphan)).isFalse();
    Digest next = all.orphan(2);
    all.store.putBytes(new ObjectKey("weir/gc/stage"), late.bytes());
    b.collector.want();
    all.pass(MINUTE);
    assertThat(b.tells(next)).isTrue();
    assertThat(all.keys("weir/gc/condemned")).hasSize(1);
  }

  @Test
  void aListThatWasWithdrawnIsNotBelievedForItsLateStageByWhoRemembersIt() throws IOException {
    Digest orphan = all.orphan(1);
    untilCondemned();
    String list = theList();
    assertThat(all.store.delete(new ObjectKey("weir/gc/condemned/" + list))).isTrue();
    all.pass(Replicas.NOTICE.minus(MINUTE.multipliedBy(2)));
    assertThat(a.claims.known().list()).as("it remembers").isPresent();
    all.pass(MINUTE.multipliedBy(3));
    assertThat(all.isHere(orphan)).isTrue();
  }

  @Test
  void aDeletionThatFailedStaysInForceWhileTheStoreMayStillCarryItOut() throws IOException {
    all.orphan(1);
    untilCondemned();
    String list = theList();
    a.own.on((operation, key, isOver) -> {
      if (operation.equals("delete") && key.contains("/blobs/")) {
        throw new IOException("no answer within 10 s");
      }
    });
    while (Stage.parse(all.store.get(Keys.STAGE).orElseThrow()).orElseThrow().isNotice()) {
      all.pass(Duration.ofSeconds(5));
    }
    all.pass(Tempo.DEFAULT.takeover().minusSeconds(5));
    assertThat(theList()).isEqualTo(list);
    all.pass(Duration.ofSeconds(15));
    assertThat(all.keys("weir/gc/condemned")).doesNotContain("weir/gc/condemned/" + list);
  }

  @Test
  void whatSomebodyStoredAgainWithoutAWordStays() throws IOException {
    Digest again = all.orphan(1);
    Digest orphan = all.orphan(2);
    untilCondemned();
    all.tellWritten(again.hex(), all.now());
    all.tellWritten(theList(), all.now().minusSeconds(2));
    untilDone();
    assertThat(all.isHere(orphan)).isFalse();
    assertThat(all.isHere(again)).isTrue();
    assertThat(all.content.blobs().isLinked(Replicas.APP, again)).isTrue();
  }

  @Test
  void aDeathWithinADeletionLeavesNoLinkThatLeadsNowhere() throws IOException {
    Digest blob = all.orphan(1);
    untilCondemned();
    AtomicBoolean isDead = new AtomicBoolean();
    a.own.on((operation, key, isOver) -> {
      isDead.compareAndSet(false, operation.equals("delete") && key.contains(blob.hex()) && isOver);
      if (isDead.get()) {
        all.kill(a);
        throw new IOException("dead");
      }
    });
    untilDone();
    assertThat(isDead).isTrue();
    assertThat(all.content.blobs().isLinked(Replicas.APP, blob)).isFalse();
  }

  @Test
  void whoStoodStillWithItsClockDeletesNothingOfWhatWasWithdrawn() throws IOException {
    Digest orphan = all.orphan(1);
    untilCondemned();
    AtomicBoolean stood = new AtomicBoolean();
    a.own.on((operation, key, isOver) -> {
      if (operation.equals("list") && key.startsWith("weir/gc/kept/") && isOver && !stood.getAndSet(true)) {
        boolean _ = all.store.delete(Keys.STAGE); // as its follower does
      }
    });
    while (!stood.get()) {
      all.pass(Duration.ofSeconds(5));
    }
    assertThat(all.isHere(orphan)).isTrue();
  }

  @Test
  void whoStoodStillWithItsClockDeletesNothingOnceAnotherHasTheNextNumber() throws IOException {
    Digest orphan = all.orphan(1);
    untilCondemned();
    AtomicBoolean stood = new AtomicBoolean();
    a.own.on((operation, key, isOver) -> {
      if (operation.equals("list") && key.startsWith("weir/gc/kept/") && isOver && !stood.getAndSet(true)) {
        all.store.putBytes(Keys.owner(2), "c 0\n".getBytes(StandardCharsets.US_ASCII));
      }
    });
    while (!stood.get()) {
      all.pass(Duration.ofSeconds(5));
    }
    assertThat(all.isHere(orphan)).isTrue();
  }

  @Test
  void whatADeletedImageNamedIsNotForgottenWhenItsDeletionEndsInTheMiddle() throws IOException {
    all.store.tellWritten(all::now);
    Digest released = all.orphan(1);
    b.collector.released(List.of(released));
    untilCondemned();
    AtomicBoolean hasFailed = new AtomicBoolean();
    a.own.on((operation, key, isOver) -> {
      if (operation.equals("delete") && key.contains("/blobs/") && !hasFailed.getAndSet(true)) {
        throw new IOException("no answer within 10 s");
      }
    });
    untilDone();
    assertThat(hasFailed).isTrue();
    all.pass(MINUTE.multipliedBy(2));
    untilDone();
    assertThat(all.isHere(released)).isFalse();
    assertThat(all.keys("weir/gc/released")).isEmpty();
  }

  @Test
  void anOrderThatCannotBeCarriedOutIsCarriedOutLater() throws IOException {
    all.pass(MINUTE);
    all.orphan(1);
    b.collector.want();
    AtomicBoolean hasFailed = new AtomicBoolean();
    a.own.on((operation, key, isOver) -> {
      if (key.startsWith("docker/registry/v2/repositories") && !hasFailed.getAndSet(true)) {
        throw new IOException("no answer within 10 s");
      }
    });
    all.pass(MINUTE.multipliedBy(3));
    assertThat(hasFailed).isTrue();
    assertThat(all.keys("weir/gc/condemned")).hasSize(1);
    assertThat(all.keys("weir/gc/wanted")).isEmpty();
  }

  @Test
  void whatEarlierListsLeftBehindIsTakenAwayByTheNext() throws IOException {
    all.store.putBytes(Keys.list("0123"), new byte[]{'0', '\n'});
    all.store.putBytes(Keys.kept("0123", 7, all.orphan(2)), new byte[]{'\n'});
    all.orphan(1);
    untilCondemned();
    assertThat(theList()).isNotEqualTo("0123");
    assertThat(all.keys("weir/gc/kept/")).isEmpty();
  }

  private String theList() {
    return all.keys("weir/gc/condemned").getFirst().substring("weir/gc/condemned/".length());
  }
}
