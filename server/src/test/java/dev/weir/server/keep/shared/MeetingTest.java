package dev.weir.server.keep.shared;

import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;

import dev.weir.server.keep.Pusher;
import dev.weir.server.keep.shared.Replicas.Replica;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;

import static org.assertj.core.api.Assertions.assertThat;

/** A client and the deletion of what it needs meet at every moment that there is; the clock stands still meanwhile. */
final class MeetingTest {
  private static final int ROUNDS = Integer.getInteger("weir.test.gc-meetings", 60);
  private static final byte[] WANTED = Replicas.bytes(1);

  private final Random random = new Random(7);

  @Test
  void whoeverIsToldThatItIsThereOrPutsItThereFindsItThereInTheEnd() throws Exception {
    int kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
      kept += meet(round % 2 == 0) ? 1 : 0;
    }
    assertThat(kept).as("both comes first at times").isBetween(1, ROUNDS);
  }

  /** Whether the client had no need to send it. */
  private boolean meet(boolean isKnown) throws Exception {
    Replicas all = new Replicas();
    Replica owner = all.start("owner");
    Replica other = all.startServing("other");
    Digest wanted = all.orphan(1);
    Digest unwanted = all.orphan(2);
    all.pass(Replicas.NOTICE);
    if (isKnown) {
      other.claims.refresh();
    }
    assertThat(all.isHere(wanted)).as("not due yet").isTrue();
    all.freeze(Tempo.DEFAULT.reading().multipliedBy(3));
    owner.lease.tick();
    owner.own.on(now());
    other.own.on(now());
    Manifest manifest = Pusher.image(WANTED);
    boolean wasThere;
    try (ExecutorService two = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> client = two.submit(client(other, wanted, manifest));
      Future<Boolean> deletion = two.submit(() -> {
        owner.collector.step();
        return true;
      });
      wasThere = client.get();
      assertThat(deletion.get()).isTrue();
    }
    assertThat(all.isHere(unwanted)).as("it was carried out").isFalse();
    assertThat(all.isHere(wanted)).isTrue();
    assertThat(all.isHere(manifest.digest())).isTrue();
    assertThat(all.content.blobs().isLinked(Replicas.APP, wanted)).isTrue();
    return wasThere;
  }

  /** As a push: looks, sends what is not there, puts the manifest. */
  private static Callable<Boolean> client(Replica at, Digest wanted, Manifest manifest) {
    return () -> {
      boolean isThere = at.tells(wanted);
      if (!isThere) {
        at.takes(WANTED);
      }
      assertThat(at.stores(manifest, WANTED)).isTrue();
      return isThere;
    };
  }

  private SharedStore.Happening now() {
    long seed = random.nextLong();
    Random mine = new Random(seed);
    return (operation, key, isOver) -> LockSupport.parkNanos(mine.nextInt(300_000));
  }
}
