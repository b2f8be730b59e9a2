package dev.weir.server.keep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Object;

import dev.weir.server.cache.Persistence;
import dev.weir.server.keep.shared.Tempo;
import dev.weir.server.pullthrough.Await;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.registry.Patience;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.server.upstream.UpstreamSettings;
import dev.weir.server.wiring.Waits;
import dev.weir.storage.Digest;
import dev.weir.storage.s3.S3Proxy;

import static org.assertj.core.api.Assertions.assertThat;

/** Two weirs on one bucket that is to hold no more than so much, and clients that pull more than that through both. */
final class EvictedBucketTest {
  private static final Tempo TEMPO = new Tempo(Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofSeconds(20),
      Duration.ofMillis(800), Duration.ofSeconds(1), Duration.ofSeconds(30), 1);
  private static final int IMAGES = 9;
  private static final int LAYER = 200_000;
  /** Five images, and a bit for what else they are made of. */
  private static final long LOW = 5L * LAYER + LAYER / 2;
  private static final long BOUND = LOW * 100 / 65;

  @TempDir private Path directory;
  private final List<KeptWeir> weirs = new ArrayList<>();
  private ScriptedRegistry upstream;
  private S3Proxy server;
  private String bucket;

  @BeforeEach
  void start() throws IOException {
    server = S3Proxy.over(Files.createDirectory(directory.resolve("buckets")));
    bucket = server.newBucket();
    upstream = ScriptedRegistry.plain();
    for (int number = 1; number <= IMAGES; number++) {
      upstream.addImage("team/app", "v" + number, config(number), layer(number));
    }
    for (int i = 0; i < 2; i++) {
      Path root = directory.resolve("scratch" + i);
      weirs.add(new KeptWeir(root, TestWeir.in(root).storage(server.yaml(bucket)).upstream("hub", upstream.uri())
          .cache("tagttl: 10m, maxsize: " + BOUND + ", highwater: 66%, lowwater: 65%, scratch: {path: '" + root
              + "', maxsize: 100MiB}")
          .section("gc: {grace: 2s, interval: 1h}")
          .environment(Map.of("REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_AGE", "1h"))
          .waits(new Waits(UpstreamSettings.Patience.DEFAULT, Patience.DEFAULT, Persistence.DEFAULT,
              TEMPO))
          .start()));
    }
  }

  @AfterEach
  void stop() {
    weirs.forEach(KeptWeir::close);
    upstream.close();
    server.close();
  }

  private static byte[] config(int number) {
    return Pusher.bytes(1_000 + number, 100);
  }

  private static byte[] layer(int number) {
    return Pusher.bytes(number, LAYER);
  }

  private void pull(int weir, int number) throws IOException {
    Pusher client = weirs.get(weir).pusher();
    assertThat(client.get("hub/team/app/manifests/v" + number).statusCode()).isEqualTo(200);
    for (byte[] blob : List.of(config(number), layer(number))) {
      assertThat(client.get("hub/team/app/blobs/" + Digest.sha256(blob)).body()).isEqualTo(blob);
    }
  }

  private long bytesInBucket() {
    return server.asOwner().listObjectsV2Paginator(request -> request.bucket(bucket).prefix("docker/")).contents()
        .stream().filter(object -> object.key().endsWith("/data")).mapToLong(S3Object::size).sum();
  }

  private JsonNode room(int weir) throws IOException {
    return weirs.get(weir).status().path("collecting").path("room");
  }

  private boolean isInBucket(Digest blob) {
    return server.contents(bucket).stream().anyMatch(key -> key.contains(blob.hex() + "/data"));
  }

  private long askedUpstreamFor(String what) {
    return upstream.log().stream().filter(line -> line.startsWith("GET") && line.contains(what)).count();
  }

  @Test
  void whatNobodyAskedForGoesByItselfWhileClientsPull() throws Exception {
    for (int number = 1; number <= IMAGES; number++) {
      pull(number % 2, number);
    }
    Await.until("the last one is stored, too", () -> bytesInBucket() > (long) IMAGES * LAYER);
    AtomicBoolean isOver = new AtomicBoolean();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> pulling = new ArrayList<>();
      for (int weir = 0; weir < 2; weir++) {
        pulling.add(clients.submit(pullingUntil(isOver, weir)));
      }
      try {
        KeptWeir.await("images went", () -> room(1).path("lastImages").asInt() > 0);
        KeptWeir.await("what the bucket holds is below the low mark", () -> bytesInBucket() <= LOW);
      } finally {
        isOver.set(true);
      }
      for (Future<Integer> each : pulling) {
        assertThat(each.get()).isPositive();
      }
    }
    assertThat(askedUpstreamFor("manifests/v9")).as("it was asked for all the time").isEqualTo(1);
    assertThat(isInBucket(Digest.sha256(layer(1)))).isFalse();
    assertThat(isInBucket(Digest.sha256(layer(9)))).isTrue();
    assertThat(room(0).path("bound").asLong()).isEqualTo(BOUND);
    assertThat(weirs.stream().mapToDouble(weir -> weir.weir().metric("weir_evicted_images_total")).sum())
        .isBetween(4.0, 7.0);

    pull(0, 1);
    assertThat(askedUpstreamFor("manifests/v1")).as("it came from upstream again").isEqualTo(2);
    for (int number = 1; number <= IMAGES; number++) { // while what is too much goes again
      pull(0, number);
      pull(1, number);
    }
  }

  private Callable<Integer> pullingUntil(AtomicBoolean isOver, int weir) {
    return () -> {
      int times = 0;
      while (!isOver.get()) {
        pull(weir, 8);
        pull(weir, 9);
        times++;
        LockSupport.parkNanos(100_000_000); // a client has more to do
      }
      return times;
    };
  }
}
