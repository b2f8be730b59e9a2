package dev.weir.server.keep.shared;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import dev.weir.server.keep.shared.Replicas.Replica;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static dev.weir.server.keep.shared.Replicas.SIZE;
import static dev.weir.server.keep.shared.Replicas.image;
import static dev.weir.server.keep.shared.Replicas.layer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** A bucket that several weirs fill, and that stays within its bound, in a time that stands still unless it is told to pass. */
final class SharedEvictionTest {
  private static final RepositoryName REPOSITORY = Replicas.APP;
  private static final Tag LATEST = Tag.parse("latest");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration MOMENT = Duration.ofSeconds(5);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Replicas all = Replicas.bounded();
  private final Replica a = all.start("a");
  private final Replica b = all.startServing("b");

  private static Manifest index(Manifest... children) {
    byte[] json = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":["
        + Arrays.stream(children).map(child -> "{\"mediaType\":\"" + child.mediaType() + "\",\"digest\":\""
            + child.digest() + "\",\"size\":" + child.content().length + "}").collect(Collectors.joining(","))
        + "]}").getBytes(UTF_8);
    return new Manifest(MediaTypes.OCI_INDEX, Digest.sha256(json), json);
  }

  private Manifest fetched(Replica by, long seed) throws IOException {
    Manifest manifest = image(seed);
    by.fetches(REPOSITORY, manifest, layer(seed));
    return manifest;
  }

  private boolean isHeld(Manifest manifest) throws IOException {
    return all.content.manifests().has(REPOSITORY, manifest.digest());
  }

  private List<Long> held(long last) throws IOException {
    return LongStream.rangeClosed(1, last).filter(seed -> {
      try {
        return isHeld(image(seed));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }).boxed().toList();
  }

  private void fill(int images) throws IOException {
    for (int seed = 1; seed <= images; seed++) {
      var _ = fetched(seed % 2 == 0 ? a : b, seed);
      all.pass(MOMENT);
    }
  }

  private void untilCondemned() throws IOException {
    for (int moments = 0; all.keys("weir/gc/condemned").isEmpty(); moments++) {
      assertThat(moments).as("moments in which nothing was condemned").isLessThan(3_000);
      all.pass(MOMENT);
    }
  }

  private void untilDone() throws IOException {
    for (int moments = 0; !all.keys("weir/gc/condemned").isEmpty(); moments++) {
      assertThat(moments).as("moments in which nothing was done").isLessThan(3_000);
      all.pass(MOMENT);
    }
  }

  @Test
  void whatWasAskedForLongestAgoGoesDownToTheLowMarkAndNoFurther() throws IOException {
    fill(9);
    untilCondemned();
    assertThat(b.collector.state().room().condemned()).isEqualTo(4);
    assertThat(b.collector.state().state()).contains("4 manifests for want of room");
    assertThat(held(9)).hasSize(9);
    untilDone();
    assertThat(held(9)).containsExactly(5L, 6L, 7L, 8L, 9L);

    all.pass(HOUR.multipliedBy(6));
    assertThat(held(9)).as("later rounds").containsExactly(5L, 6L, 7L, 8L, 9L);
    assertThat(b.collector.state().room().lastImages()).isEqualTo(4);
    assertThat(b.collector.state().room().lastBytes()).isBetween(4L * SIZE, 4L * SIZE + 4_000);
    assertThat(b.collector.state().room().held()).isBetween(5L * SIZE, 5L * SIZE + 4_000);
    assertThat(all.evicted.last()).hasSize(4).first().satisfies(last -> {
      assertThat(last.image()).isEqualTo(image(4).digest());
      assertThat(last.repositories()).containsExactly(REPOSITORY);
    });
  }

  @Test
  void theBlobsOfWhatWentGoByTheNextListHoweverYoung() throws IOException {
    fill(9);
    untilCondemned();
    untilDone();
    assertThat(all.isHere(Digest.sha256(layer(1)))).isTrue();
    untilCondemned();
    untilDone();
    for (int seed = 1; seed <= 9; seed++) {
      assertThat(all.isHere(Digest.sha256(layer(seed)))).as("layer %d", seed).isEqualTo(seed > 4);
      assertThat(all.isHere(image(seed).digest())).as("image %d", seed).isEqualTo(seed > 4);
    }
    assertThat(all.keys("weir/gc/released")).isEmpty();
  }

  @Test
  void aTagThatUpstreamSetGoesWithItsImageAndAPushedOneStays() throws IOException {
    Manifest first = fetched(a, 1);
    assertThat(all.content.tags().setCached(REPOSITORY, LATEST, first.digest())).isTrue();
    Manifest second = fetched(a, 2);
    all.content.tags().setOwned(REPOSITORY, Tag.parse("mine"), second.digest());
    for (int seed = 3; seed <= 9; seed++) {
      var _ = fetched(b, seed);
    }
    untilCondemned();
    untilDone();
    assertThat(all.content.tags().resolve(REPOSITORY, LATEST)).isEmpty();
    assertThat(all.content.tags().resolve(REPOSITORY, Tag.parse("mine"))).isPresent();
  }

  @Test
  void whatAnotherWeirWasAskedForStays() throws IOException {
    fill(9);
    all.pass(MINUTE.multipliedBy(30));
    b.gives(image(1));
    all.pass(Replicas.TELLING);
    untilCondemned();
    untilDone();
    assertThat(held(9)).containsExactly(1L, 6L, 7L, 8L, 9L);
  }

  @Test
  void whatWasAskedForBeforeAWeirWasStartedAgainIsNotForgotten() throws IOException {
    fill(8);
    all.pass(MINUTE.multipliedBy(5));
    b.gives(image(1));
    all.pass(Replicas.TELLING);
    all.kill(b);
    Replica again = all.startServing("b");
    again.gives(image(2));
    var _ = fetched(again, 9);
    all.pass(Replicas.TELLING);
    untilCondemned();
    untilDone();
    assertThat(held(9)).containsExactly(1L, 2L, 7L, 8L, 9L);
  }

  @Test
  void whatIsAskedForBetweenTheListAndTheDeletionStays() throws IOException {
    fill(9);
    untilCondemned();
    all.pass(MINUTE);
    b.gives(image(2));
    all.kill(b); // before it has told anybody when
    untilDone();
    assertThat(held(9)).containsExactly(2L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void whatIsKeptJustBeforeItsPortionGoesStaysAndWhatComesTooLateIsGivenOnceMore() throws IOException {
    fill(9);
    untilCondemned();
    AtomicBoolean isKept = new AtomicBoolean();
    a.own.on((operation, key, isOver) -> {
      if (operation.equals("put") && key.equals("weir/gc/stage") && !isOver && !isKept.getAndSet(true)) {
        b.claims.given(image(3).digest());
      }
      if (operation.equals("put") && key.equals("weir/gc/stage") && isOver) {
        b.claims.refresh();
        b.claims.given(image(1).digest());
      }
    });
    untilDone();
    assertThat(isKept).isTrue();
    assertThat(held(9)).containsExactly(3L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void whatIsPushedPinnedOrNamedByWhatIsPushedStays() throws IOException {
    Manifest pushed = fetched(a, 1);
    Manifest pinned = fetched(a, 2);
    Manifest child = fetched(a, 3);
    all.content.manifests().putOwned(REPOSITORY, pushed);
    assertThat(all.content.manifests().pin(REPOSITORY, pinned.digest(), "release")).isTrue();
    all.content.manifests().putOwned(REPOSITORY, index(child));
    for (int seed = 4; seed <= 9; seed++) {
      var _ = fetched(b, seed);
      all.pass(MOMENT);
    }
    untilCondemned();
    untilDone();
    assertThat(held(9)).containsExactly(1L, 2L, 3L, 8L, 9L);
  }

  @Test
  void whatIsPushedPinnedOrNamedByAPinnedIndexAfterTheListStays() throws IOException {
    fill(9);
    untilCondemned();
    all.content.manifests().putOwned(REPOSITORY, image(1)); // by somebody who gives no word
    assertThat(all.content.manifests().pin(REPOSITORY, image(2).digest(), "release")).isTrue();
    Manifest index = index(image(3));
    all.content.manifests().putCached(REPOSITORY, index, "quay.io/team/app");
    assertThat(all.content.manifests().pin(REPOSITORY, index.digest(), "release")).isTrue();
    untilDone();
    assertThat(held(9)).containsExactly(1L, 2L, 3L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void aPinThatComesWhileThePortionGoesStays() throws IOException {
    fill(9);
    untilCondemned();
    AtomicBoolean isPinned = new AtomicBoolean();
    a.own.on((operation, key, isOver) -> {
      if (operation.equals("put") && key.equals("weir/gc/stage") && isOver && !isPinned.getAndSet(true)) {
        assertThat(all.content.manifests().pin(REPOSITORY, image(1).digest(), "release")).isTrue();
      }
    });
    untilDone();
    assertThat(held(9)).containsExactly(1L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void whoPushesAnImageWhileItsPortionGoesWaitsAndOwnsItThen() throws Exception {
    fill(9);
    untilCondemned();
    AtomicBoolean isStored = new AtomicBoolean();
    AtomicInteger looks = new AtomicInteger();
    Thread pushing = Thread.ofVirtual().unstarted(() -> {
      try {
        isStored.set(b.stores(image(1), layer(1)));
      } catch (IOException e) {
        isStored.set(false);
      }
    });
    a.own.on((operation, key, isOver) -> {
      boolean isGoing = operation.equals("delete") && key.endsWith(image(1).digest().hex() + "/link") && !isOver;
      if (isGoing && key.contains("/revisions/") && pushing.getState() == Thread.State.NEW) {
        b.own.on((does, what, over) -> looks.addAndGet(what.equals("weir/gc/stage") && over ? 1 : 0));
        pushing.start();
        while (pushing.isAlive() && looks.get() < 2) {
          LockSupport.parkNanos(100_000);
        }
      }
    });
    untilDone();
    pushing.join(Duration.ofSeconds(20));
    assertThat(isStored).isTrue();
    assertThat(all.content.manifests().keeping(REPOSITORY, image(1).digest())).isEqualTo(Keeping.OWNED);
    assertThat(all.content.manifests().get(REPOSITORY, image(1).digest())).isPresent();
    all.pass(HOUR.multipliedBy(6));
    assertThat(all.isHere(Digest.sha256(layer(1)))).isTrue();
    assertThat(all.content.manifests().get(REPOSITORY, image(1).digest())).isPresent();
  }

  @Test
  void anIndexGoesWithItsChildrenButForThoseThatAnotherNames() throws IOException {
    Manifest one = fetched(a, 1);
    Manifest two = fetched(a, 2);
    Manifest shared = fetched(a, 3);
    Manifest old = index(one, two, shared);
    a.fetches(REPOSITORY, old);
    all.pass(MOMENT);
    for (int seed = 4; seed <= 8; seed++) {
      var _ = fetched(b, seed);
      all.pass(MOMENT);
    }
    Manifest young = index(shared, image(8));
    b.fetches(REPOSITORY, young);
    var _ = fetched(b, 9);
    untilCondemned();
    untilDone();
    assertThat(isHeld(old)).isFalse();
    assertThat(isHeld(young)).isTrue();
    assertThat(held(9)).containsExactly(3L, 6L, 7L, 8L, 9L);
  }

  @Test
  void aChildThatIsAskedForKeepsItsIndexAndItsSiblings() throws IOException {
    Manifest one = fetched(a, 1);
    Manifest two = fetched(a, 2);
    Manifest index = index(one, two);
    a.fetches(REPOSITORY, index);
    all.pass(MOMENT);
    for (int seed = 3; seed <= 9; seed++) {
      var _ = fetched(b, seed);
      all.pass(MOMENT);
    }
    untilCondemned();
    b.claims.given(two.digest());
    untilDone();
    assertThat(isHeld(index)).isTrue();
    assertThat(held(9)).containsExactly(1L, 2L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void whatWasAskedForWithinTheGraceStaysThoughThereIsTooMuch() throws IOException {
    fill(12);
    all.pass(MINUTE.multipliedBy(40));
    for (int seed = 1; seed <= 12; seed++) {
      b.gives(image(seed));
      all.pass(MOMENT);
    }
    all.pass(MINUTE.multipliedBy(40));
    assertThat(all.keys("weir/gc/condemned")).isEmpty();
    assertThat(a.collector.state().room().held()).as("seen by the last look").isGreaterThan(12L * SIZE);
    untilCondemned();
    untilDone();
    assertThat(held(12)).containsExactly(8L, 9L, 10L, 11L, 12L);
  }

  @Test
  void whatNobodyNotedCountsAsAskedForWhenItCame() throws IOException {
    fill(9);
    all.pass(Replicas.TELLING);
    all.kill(a);
    all.kill(b);
    for (String told : all.keys("weir/gc/uses/")) {
      assertThat(all.store.delete(new ObjectKey(told))).isTrue();
    }
    Replica c = all.start("c");
    untilCondemned();
    assertThat(c.lease.isHeld()).isTrue();
    untilDone();
    assertThat(held(9)).containsExactly(5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void aListWhoseOwnerDiedIsCarriedOutByAnother() throws IOException {
    Replica c = all.start("c");
    fill(9);
    untilCondemned();
    b.gives(image(2));
    all.kill(a.lease.isHeld() ? a : c);
    untilDone();
    assertThat(held(9)).containsExactly(2L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void aDeathInTheMiddleLosesNothingThatIsWantedAndIsMadeUpFor() throws IOException {
    Replica c = all.start("c");
    fill(12);
    untilCondemned();
    Replica owner = a.lease.isHeld() ? a : c;
    AtomicBoolean isDead = new AtomicBoolean();
    owner.own.on((operation, key, isOver) -> {
      isDead.compareAndSet(false, operation.equals("delete") && key.contains("/revisions/") && isOver);
      if (isDead.get()) {
        all.kill(owner);
        throw new IOException("dead");
      }
    });
    untilDone();
    assertThat(isDead).isTrue();
    all.pass(HOUR.multipliedBy(6));
    assertThat(held(12)).contains(8L, 9L, 10L, 11L, 12L).hasSizeLessThanOrEqualTo(8);
    for (long seed = 1; seed <= 12; seed++) {
      assertThat(all.isHere(Digest.sha256(layer(seed)))).as("layer %d", seed).isEqualTo(held(12).contains(seed));
    }
  }

  @Test
  void whatWasFetchedAgainBetweenTheListAndTheDeletionStays() throws IOException {
    fill(9);
    untilCondemned();
    assertThat(all.content.manifests().evict(REPOSITORY, image(1).digest())).isTrue();
    var _ = fetched(b, 1);
    untilDone();
    assertThat(held(9)).containsExactly(1L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void aLayerThatWasNeverFetchedTakesNoRoom() throws IOException {
    for (int seed = 1; seed <= 30; seed++) {
      all.content.manifests().putCached(REPOSITORY, image(seed), "quay.io/team/app");
    }
    var _ = fetched(a, 1);
    all.pass(HOUR.multipliedBy(6));
    assertThat(held(30)).hasSize(30);
    assertThat(a.collector.state().room().held()).isLessThan(3L * SIZE);
  }

  @Test
  void whatAWeirTellsIsForgottenWhenItHasToldNothingNewForLong() throws IOException {
    all.store.putBytes(new ObjectKey("weir/gc/uses/weir-gone"),
        (image(1).digest() + " 5\nnonsense\n\n").getBytes(StandardCharsets.US_ASCII));
    all.pass(Duration.ofHours(2));
    all.tellWritten("weir-gone", all.now().minus(Duration.ofDays(31)));
    fill(9);
    untilCondemned();
    assertThat(all.keys("weir/gc/uses/")).containsExactlyInAnyOrder("weir/gc/uses/a", "weir/gc/uses/b");
  }

  @Test
  void withoutABoundNothingGoesAndNothingIsTold() throws IOException {
    Replicas unbound = new Replicas();
    Replica only = unbound.start("only");
    for (int seed = 1; seed <= 30; seed++) {
      only.fetches(REPOSITORY, image(seed), layer(seed));
    }
    unbound.pass(HOUR.multipliedBy(6));
    assertThat(unbound.content.inventory().revisions(REPOSITORY)).hasSize(30);
    assertThat(unbound.keys("weir/gc/uses")).isEmpty();
    assertThat(only.collector.state().room().bound()).isZero();
  }
}
