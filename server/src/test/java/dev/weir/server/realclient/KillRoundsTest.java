package dev.weir.server.realclient;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.admin.SocketClient;
import dev.weir.server.keep.Pusher;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * weir is killed again and again while clients pull, push images that share their layers, delete them, and it collects
 * what nobody needs. The whole of it: {@code -Dweir.test.keep-kill-rounds=100}.
 */
@Timeout(3_600)
class KillRoundsTest {
  private static final int ROUNDS = Integer.getInteger("weir.test.keep-kill-rounds", 5);
  private static final long SEED = Long.getLong("weir.test.keep-kill-seed", 11);
  private static final int LAYERS = 12;
  /** More than the bound in all. */
  private static final int UPSTREAM_IMAGES = 50;
  private static final int SIZE = 700_000;
  /** What no manifest names is old at once, for a sweep; uploads are left alone. */
  private static final String PURGING = "maintenance: {uploadpurging: {age: 1s, dryrun: true}}";
  private static final int STAYING = 3;
  private static final int PUSHERS = 3;
  private static final String OWN = "own/app";

  @TempDir Path folder;

  private final ScriptedRegistry upstream = ScriptedRegistry.plain();
  private final Map<Digest, Image> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger number = new AtomicInteger();
  private final AtomicInteger deleted = new AtomicInteger();
  private final AtomicInteger collected = new AtomicInteger();

  private record Image(Manifest manifest, List<Digest> blobs) {}

  /** One thing that a client does; ends with an exception when weir is gone. */
  private interface Step {
    void run(Pusher weir) throws IOException;
  }

  @Test
  void nothingAcknowledgedIsLostAndNothingDamagedIsLeft() throws Exception {
    for (int i = 0; i < UPSTREAM_IMAGES; i++) {
      upstream.addImage("team/app", "v" + i, Pusher.bytes(i, SIZE), Pusher.bytes(10_000 + i % 5, SIZE));
    }
    Random random = new Random(SEED);
    Path root = folder.resolve("data");
    try (upstream; WeirProcess weir = WeirProcess.start(folder, root, sections(), PURGING)) {
      for (int round = 0; round < ROUNDS; round++) {
        workUntilKilled(weir, root, random);
        assertOnDisk(root, round);
        weir.start();
        assertServed(weir.uri(), round);
        System.out.printf("after round %d: %d images pushed, %d deleted, %d blobs swept, %d images left%n", round + 1,
            number.get(), deleted.get(), collected.get(), acknowledged.size());
      }
    }
    assertThat(acknowledged.size()).as("pushed, and never deleted").isPositive();
    assertThat(deleted).as("deleted").hasPositiveValue();
    assertThat(collected).as("collected, over all rounds").hasPositiveValue();
  }

  private String sections() {
    return "upstreams: {up: {remoteurl: '" + upstream.uri() + "'}}\n"
        + "gc: {grace: 100ms, interval: 0s}\ncache: {maxsize: 24MB}\nscrub: {interval: 0s}\n";
  }

  /** After so many steps of anybody, and a moment more. */
  private void workUntilKilled(WeirProcess weir, Path root, Random random) throws Exception {
    Steps steps = new Steps(random.nextInt(20, 200));
    SocketClient socket = new SocketClient(root.resolve("weir/admin.sock"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < PUSHERS; i++) {
        work.add(threads.submit(() -> untilGone(weir.uri(), steps, this::push)));
      }
      work.add(threads.submit(() -> untilGone(weir.uri(), steps, this::delete)));
      work.add(threads.submit(() -> untilGone(weir.uri(), steps, KillRoundsTest::pull)));
      work.add(threads.submit(() -> untilGone(weir.uri(), steps, any -> collect(socket))));
      steps.await();
      LockSupport.parkNanos(random.nextInt(8_000_000));
      weir.kill();
      for (Future<?> each : work) {
        each.get();
      }
    }
  }

  /** How many are to be made before weir is killed. */
  private record Steps(CountDownLatch left) {
    Steps(int count) {
      this(new CountDownLatch(count));
    }

    void await() throws InterruptedException {
      assertThat(left.await(120, TimeUnit.SECONDS)).as("clients get on").isTrue();
    }
  }

  private static void untilGone(URI weir, Steps steps, Step step) {
    Pusher client = new Pusher(weir);
    try {
      while (true) {
        step.run(client);
        steps.left().countDown();
      }
    } catch (IOException e) {
      assertThat(e).as("weir was killed").isNotNull();
    }
  }

  private void push(Pusher weir) throws IOException {
    int seed = number.incrementAndGet();
    List<byte[]> blobs = List.of(Pusher.bytes(1_000_000L + seed, 2_000), Pusher.bytes(seed % LAYERS, 20_000),
        Pusher.bytes((seed + 5) % LAYERS, 20_000));
    for (byte[] blob : blobs) {
      if (weir.head(OWN + "/blobs/" + Digest.sha256(blob)) != 200) {
        assertThat(weir.tryBlob(OWN, blob)).isIn(201, 507);
      }
    }
    Manifest manifest = Pusher.image(blobs, "");
    if (weir.manifest(OWN, "v" + seed, manifest) == 201) {
      acknowledged.put(manifest.digest(), new Image(manifest, blobs.stream().map(Digest::sha256).toList()));
    }
  }

  private void delete(Pusher weir) throws IOException {
    for (Image image : List.copyOf(acknowledged.values())) {
      if (acknowledged.size() > STAYING && ThreadLocalRandom.current().nextInt(3) == 0) {
        acknowledged.remove(image.manifest().digest());
        deleted.addAndGet(weir.delete(OWN + "/manifests/" + image.manifest().digest()) == 202 ? 1 : 0);
      }
    }
    LockSupport.parkNanos(5_000_000);
    assertThat(weir.get("").statusCode()).isEqualTo(200); // or weir is gone
  }

  private static void pull(Pusher weir) throws IOException {
    int image = ThreadLocalRandom.current().nextInt(UPSTREAM_IMAGES);
    byte[] manifest = weir.get("up/team/app/manifests/v" + image).body();
    for (int seed : List.of(image, 10_000 + image % 5)) {
      Digest blob = Digest.sha256(Pusher.bytes(seed, SIZE));
      byte[] got = weir.get("up/team/app/blobs/" + blob).body();
      assertThat(Digest.sha256(got)).as("blob of %s", new String(manifest, java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo(blob);
    }
  }

  /** Refused for as long as weir does not know enough. */
  private void collect(SocketClient socket) throws IOException {
    try {
      collected.addAndGet(socket.run("/weir/v1/gc", Map.of("untagged", false), job -> {}).path("blobCount").asInt());
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("no weir answers")) {
        throw e;
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  private void assertOnDisk(Path root, int round) throws IOException {
    DiskTree tree = new DiskTree(root);
    Set<Digest> blobs = tree.assertBlobsAreWhole();
    tree.assertLinksAreWhole();
    for (Image image : acknowledged.values()) {
      assertThat(blobs).as("image that was acknowledged, round %d", round).contains(image.manifest().digest())
          .containsAll(image.blobs());
    }
  }

  private void assertServed(URI uri, int round) throws IOException {
    Pusher weir = new Pusher(uri);
    for (Image image : acknowledged.values()) {
      assertThat(weir.get(OWN + "/manifests/" + image.manifest().digest()).body()).as("round %d", round)
          .isEqualTo(image.manifest().content());
      for (Digest blob : image.blobs()) {
        assertThat(weir.head(OWN + "/blobs/" + blob)).as("round %d", round).isEqualTo(200);
      }
    }
  }
}
