package dev.weir.server.keep.shared;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;

import dev.weir.server.keep.shared.Replicas.Replica;
import dev.weir.storage.Digest;
import dev.weir.storage.StoreUnavailableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** How clients learn whether what they count on stays. */
final class SharedClaimsTest {
  private static final int CLIENTS = 6;

  private final Replicas all = new Replicas();
  private final Replica one = all.startServing("one");

  @Test
  void oneLookAnswersAllWhoCameBeforeItBegan() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(task -> {
      Thread client = Thread.ofVirtual().unstarted(task);
      clients.add(client);
      return client;
    })) {
      List<Future<View>> answers = new ArrayList<>();
      one.own.on((operation, key, isOver) -> {
        if (!isOver && looks.incrementAndGet() == 1) {
          for (int client = 0; client < CLIENTS; client++) {
            answers.add(threads.submit(one.claims::read));
          }
          while (clients.stream().anyMatch(client -> client.getState() != Thread.State.WAITING)) {
            LockSupport.parkNanos(100_000);
          }
          all.freeze(Duration.ofMillis(1));
        }
      });
      View _ = one.claims.read();
      for (Future<View> answer : answers) {
        assertThat(answer.get().stage()).isEmpty();
      }
    }
    assertThat(looks).hasValue(2);
  }

  @Test
  void whoAsksForManyBlobsHasOnePatienceForAllOfThem() throws IOException {
    List<Digest> blobs = new ArrayList<>();
    for (int seed = 0; seed <= Condemned.PORTION; seed++) {
      blobs.add(all.orphan(seed));
    }
    Condemned list = Condemned.of("0123", 1, blobs);
    all.store.putBytes(Keys.list(list.id()), list.text());
    all.store.putBytes(Keys.STAGE, new Stage(list.id(), 0).bytes());
    one.claims.refresh();
    AtomicInteger looks = new AtomicInteger();
    one.own.on((operation, key, isOver) -> {
      if (isOver && key.equals("weir/gc/stage")) {
        all.freeze(Duration.ofSeconds(6));
        if (looks.incrementAndGet() == 2) { // after 12 s the first is decided, and that of the second begins
          all.store.putBytes(Keys.STAGE, new Stage(list.id(), 1).bytes());
        }
      }
    });
    assertThatThrownBy(() -> one.claims.claim(List.of(list.blobs().getFirst(), list.blobs().getLast())))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(looks.get()).as("18 s").isLessThanOrEqualTo(4);
  }

  @Test
  void whoIsGivenACondemnedManifestWaitsForNoBucket() throws IOException {
    Condemned list = Condemned.of("0123", 1, List.of(all.orphan(1)), List.of());
    all.store.putBytes(Keys.list(list.id()), list.text());
    all.store.putBytes(Keys.STAGE, new Stage(list.id(), Stage.NOTICE).bytes());
    List<Runnable> entering = new ArrayList<>();
    SharedClaims claims = new SharedClaims(one.own, () -> 0, Tempo.DEFAULT, entering::add);
    claims.refresh();
    one.own.on((operation, key, isOver) -> {
      throw new AssertionError("waits for " + key);
    });
    for (int client = 0; client < CLIENTS; client++) {
      claims.given(list.images().getFirst());
    }
    one.own.on((operation, key, isOver) -> {});
    assertThat(entering).as("one for all").hasSize(1).allSatisfy(Runnable::run);
    assertThat(all.keys("weir/gc/kept")).hasSize(1);
    claims.given(list.images().getFirst());
    assertThat(entering).as("again").hasSize(1);
  }

  @Test
  void whoNeedNotWaitForADeletionIsToldAtOnce() throws IOException {
    Condemned list = Condemned.of("0123", 1, List.of(all.orphan(1)));
    all.store.putBytes(Keys.list(list.id()), list.text());
    all.store.putBytes(Keys.STAGE, new Stage(list.id(), 0).bytes());
    one.claims.refresh();
    one.own.on((operation, key, isOver) -> {
      throw new AssertionError("asks for " + key);
    });
    assertThatThrownBy(() -> one.claims.claimAtOnce(list.blobs())).isInstanceOf(StoreUnavailableException.class);
  }
}
