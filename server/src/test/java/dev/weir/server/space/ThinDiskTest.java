package dev.weir.server.space;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.LiveFiles;
import dev.weir.server.pullthrough.TestClient;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.realclient.NeedsPrograms;
import dev.weir.server.space.GeneratedRegistry.Generated;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Far more than fits, pulled through an xfs of its own. {@code -Dweir.thindisk.disk} and {@code -Dweir.thindisk.through}
 * (MiB) make it as large as one likes; what is large takes its time.
 */
@NeedsPrograms({"mkfs.xfs", "mount", "umount"})
class ThinDiskTest {
  private static final long MIB = 1 << 20;
  private static final long DISK = Long.getLong("weir.thindisk.disk", XfsVolume.SMALLEST_BYTES / MIB) * MIB;
  private static final long THROUGH = Long.getLong("weir.thindisk.through", 512) * MIB;
  private static final int LAYERS = 2;
  /** About forty images fit. */
  private static final int LAYER_BYTES = (int) (DISK / 40 / LAYERS / 2);
  private static final int OWNED = 3;

  @TempDir private Path folder;

  private final GeneratedRegistry upstream = new GeneratedRegistry(LAYERS, LAYER_BYTES);

  private TestWeir weir(Path root) throws InterruptedException {
    TestWeir weir = TestWeir.in(root).upstream("origin", upstream.uri()).cache("tagttl: 10h, maxsize: 90%").start();
    while (weir.metric("weir_held_known") < 1) {
      Thread.sleep(10); // until what is held is known
    }
    return weir;
  }

  private void pull(TestClient client, int number, Generated image) {
    TestClient.Reply manifest = client.manifest("origin/" + GeneratedRegistry.REPOSITORY, "v" + number);
    assertThat(manifest.digest()).isEqualTo(image.digest());
    for (Digest blob : image.blobs()) {
      TestClient.Reply reply = client.blob("origin/" + GeneratedRegistry.REPOSITORY, blob);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.digest()).isEqualTo(blob);
    }
  }

  private void push(TestClient client, int number) {
    Generated image = upstream.image(number);
    image.blobs().forEach(blob -> assertThat(client.push("mine/app", upstream.content(blob)).status()).isEqualTo(201));
    assertThat(client.pushManifest("mine/app", "v" + number, image.manifest()).status()).isEqualTo(201);
  }

  /** What a person asked for: new images in their order, and between them again and again some of the last hundred. */
  private static List<Integer> trace(int images) {
    Random random = new Random(11);
    List<Integer> trace = new ArrayList<>();
    for (int number = 1; number <= images; number++) {
      trace.add(number);
      for (int again = random.nextInt(3); again > 0; again--) {
        trace.add(Math.max(1, number - (int) Math.abs(random.nextGaussian() * 25)));
      }
    }
    return trace;
  }

  @Test
  void whatIsAskedForOftenStaysAndTheBoundIsNeverPassed() throws Exception {
    try (XfsVolume volume = XfsVolume.in(folder, DISK); upstream) {
      Path root = volume.directory().resolve("data");
      long bound = Files.getFileStore(volume.directory()).getTotalSpace() / 10 * 9;
      try (TestWeir weir = weir(root); Watch watch = new Watch(root)) {
        TestClient client = weir.client();
        for (int number = -1; number >= -OWNED; number--) {
          push(client, number);
        }
        pull(client, 0, upstream.image(0));
        Path pinned = pin(root, upstream.image(0).digest());
        long kept = (OWNED + 1) * upstream.image(0).bytes();

        Ratio ratio = replay(client, new IdealLru(bound - kept));

        System.out.printf("%d MiB in %d pulls through %d MiB: hits %.3f, of an ideal LRU %.3f; most in use %d of %d%n",
            ratio.through() / MIB, ratio.pulls(), DISK / MIB, ratio.hits(), ratio.ideal(), watch.most(), bound);
        assertThat(watch.most()).isBetween(bound / 2, bound);
        assertThat(weir.metric("weir_passed_through_blobs_total")).isZero();
        assertThat(ratio.hits()).isGreaterThanOrEqualTo(ratio.ideal() * 0.95);
        assertKept(client, pinned);
      }
    }
  }

  private record Ratio(int pulls, long through, double hits, double ideal) {}

  private Ratio replay(TestClient client, IdealLru ideal) {
    int images = (int) (THROUGH / LAYERS / LAYER_BYTES);
    List<Integer> trace = trace(images);
    long through = 0;
    int hits = 0;
    int idealHits = 0;
    for (int number : trace) {
      Generated image = upstream.image(number);
      int before = upstream.layersFetched();
      pull(client, number, image);
      hits += upstream.layersFetched() == before ? 1 : 0;
      boolean isIdealHit = ideal.get(number, image.bytes());
      idealHits += isIdealHit ? 1 : 0;
      through += image.bytes();
    }
    return new Ratio(trace.size(), through, (double) hits / trace.size(), (double) idealHits / trace.size());
  }

  /** As another program would: the mark is a file beside the revision. */
  private static Path pin(Path root, Digest digest) throws IOException {
    return Files.writeString(root.resolve("docker/registry/v2/repositories/origin/" + GeneratedRegistry.REPOSITORY
        + "/_manifests/revisions/sha256/" + digest.hex() + "/pinned"), "\n");
  }

  private void assertKept(TestClient client, Path pinned) {
    int before = upstream.layersFetched();
    for (int number = -1; number >= -OWNED; number--) {
      Generated image = upstream.image(number);
      assertThat(client.manifest("mine/app", "v" + number).digest()).isEqualTo(image.digest());
      image.blobs().forEach(blob -> assertThat(client.blob("mine/app", blob).digest()).isEqualTo(blob));
    }
    assertThat(pinned).exists();
    pull(client, 0, upstream.image(0));
    assertThat(upstream.layersFetched()).isEqualTo(before);
  }

  /** Looks all the time at what everything below a root takes, as du does. */
  private static final class Watch implements AutoCloseable {
    private final AtomicLong most = new AtomicLong();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    Watch(Path root) {
      thread.execute(() -> {
        while (!isOver.get()) {
          most.accumulateAndGet(used(root), Math::max);
        }
      });
    }

    /** Nothing if blobs came or went meanwhile: what never was there together would be one sum. */
    private static long used(Path root) {
      Path blobs = root.resolve("docker/registry/v2/blobs");
      try {
        Map<Path, Long> before = LiveFiles.below(blobs);
        long others = DiskWalk.of(root, new Stride(0)) + GrowingFiles.bytes(root);
        return LiveFiles.below(blobs).equals(before) ? others + bytes(before) : 0;
      } catch (IOException e) {
        return 0; // something went while we looked
      }
    }

    private static long bytes(Map<Path, Long> files) {
      return files.entrySet().stream().filter(file -> file.getKey().endsWith("data"))
          .mapToLong(file -> Blocks.of(file.getValue())).sum();
    }

    long most() {
      return most.get();
    }

    @Override
    public void close() {
      isOver.set(true);
      thread.close();
    }
  }
}
