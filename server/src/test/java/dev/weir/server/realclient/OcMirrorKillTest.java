package dev.weir.server.realclient;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.ocreplay.OcReplay;
import dev.weir.server.ocreplay.OcWatcher;
import dev.weir.server.ocreplay.SyntheticImage;
import dev.weir.server.ocreplay.SyntheticRelease;
import dev.weir.server.ocreplay.SyntheticRelease.Shape;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** A mirroring during which weir is killed again and again, without a word of warning. */
class OcMirrorKillTest {
  private static final int ROUNDS = Integer.getInteger("weir.test.kill-rounds", 20);
  private static final long SEED = Long.getLong("weir.test.kill-seed", 42);
  private static final String REPOSITORY = "ocp4/openshift4";
  /** In bytes, half of a release: long enough to get on, and short enough to end within one or the next. */
  private static final int LONGEST_ROUND = 3 << 20;

  @Test
  void whatWasAcknowledgedOutlivesAKillAtAnyInstantAndTheMirroringGoesOn(@TempDir Path directory) throws Exception {
    var random = new Random(SEED);
    var acknowledged = new Acknowledged();
    Path root = directory.resolve("weir");
    try (var weir = WeirProcess.start(directory, root, "upstreams: {}\n")) {
      long seed = 0;
      for (int round = 0; round < ROUNDS; round++) {
        seed = mirrorUntilKilled(weir, new Killer(weir, random, acknowledged), seed);

        acknowledged.assertStored(new DiskTree(root), REPOSITORY);
        weir.start();
        acknowledged.assertServed(weir.uri(), REPOSITORY);
      }
      try (var oc = new OcReplay(weir.uri(), acknowledged)) {
        oc.mirror(release(seed).images(), REPOSITORY);
      }
      acknowledged.assertServed(weir.uri(), REPOSITORY);
      assertThat(seed).as("releases that were finished in spite of it all").isPositive();
      assertThat(acknowledged.size()).isGreaterThan(release(seed).blobs().size());
    }
  }

  /** Returns the seed of the release that was being mirrored when weir died; earlier ones are complete. */
  private static long mirrorUntilKilled(WeirProcess weir, Killer killer, long first) throws Exception {
    for (long seed = first;; seed++) {
      try (var oc = new OcReplay(weir.uri(), killer)) {
        oc.mirror(release(seed).images(), REPOSITORY);
      } catch (IOException e) {
        if (!killer.hasStruck()) {
          throw e;
        }
        killer.awaitEnd();
        return seed;
      }
    }
  }

  private static SyntheticRelease release(long seed) {
    return SyntheticRelease.of("4.17." + seed, Shape.SMALL, seed);
  }

  /** What a client had acknowledged with 202 it need not send again either. */
  @Test
  void anUploadGoesOnWhereItWasAfterAKill(@TempDir Path directory) {
    byte[] blob = new byte[300_000];
    new Random(SEED).nextBytes(blob);
    try (var weir = WeirProcess.start(directory, directory.resolve("weir"), "upstreams: {}\n")) {
      String location = location(weir.wire().expect(202, weir.wire().post("/v2/a/b/blobs/uploads/")));
      location = location(weir.wire().expect(202, patch(weir, location, Arrays.copyOf(blob, 100_000))));

      weir.kill();
      weir.start();

      HttpResponse<byte[]> status = weir.wire().expect(204, weir.wire().request(location).GET());
      assertThat(status.headers().firstValue("Range")).hasValue("0-99999");
      location = location(weir.wire().expect(202, patch(weir, location, Arrays.copyOfRange(blob, 100_000, 300_000))));
      weir.wire().expect(201, weir.wire().request(location + "&digest=" + Digest.sha256(blob))
          .PUT(BodyPublishers.noBody()));
      assertThat(weir.wire().digestOf("/v2/a/b/blobs/" + Digest.sha256(blob))).isEqualTo(Digest.sha256(blob));
    }
  }

  private static HttpRequest.Builder patch(WeirProcess weir, String location, byte[] chunk) {
    return weir.wire().request(location).method("PATCH", BodyPublishers.ofByteArray(chunk));
  }

  private static String location(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("Location").orElseThrow();
  }

  /** Kills weir after some amount of work, and a moment more, so that it dies wherever it then happens to be. */
  private static final class Killer implements OcWatcher {
    /** As much of a round as so many bytes of a blob. */
    private static final long REQUEST = 4096;
    private static final int LONGEST_MOMENT_NANOS = 8_000_000;

    private final WeirProcess weir;
    private final OcWatcher next;
    private final AtomicLong left;
    private final long moment;
    private final CountDownLatch struck = new CountDownLatch(1);
    private final CountDownLatch dead = new CountDownLatch(1);

    Killer(WeirProcess weir, Random random, OcWatcher next) {
      this.weir = weir;
      this.next = next;
      this.left = new AtomicLong(1 + random.nextInt(LONGEST_ROUND));
      this.moment = random.nextInt(LONGEST_MOMENT_NANOS);
    }

    @Override
    public void asks(String method, String path) throws IOException {
      next.asks(method, path);
      spend(REQUEST);
    }

    @Override
    public void sends(int bytes) {
      next.sends(bytes);
      spend(bytes);
    }

    @Override
    public void stored(Digest blob) {
      next.stored(blob);
    }

    @Override
    public void stored(SyntheticImage image) {
      next.stored(image);
    }

    private void spend(long work) {
      long before = left.getAndAdd(-work);
      if (before > 0 && before <= work) {
        Thread.startVirtualThread(this::strike);
      }
    }

    private void strike() {
      LockSupport.parkNanos(moment);
      struck.countDown();
      weir.kill();
      dead.countDown();
    }

    boolean hasStruck() {
      return struck.getCount() == 0;
    }

    void awaitEnd() throws InterruptedException {
      dead.await();
    }
  }
}
