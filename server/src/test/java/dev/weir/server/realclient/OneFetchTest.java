package dev.weir.server.realclient;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.Await;
import dev.weir.server.pullthrough.RawPull;
import dev.weir.server.upstream.Delivery;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.s3.Radosgw;
import dev.weir.storage.s3.SharedRadosgw;

import static org.assertj.core.api.Assertions.assertThat;

/** Three weirs, each a process of its own, on one bucket of a real S3: what comes over the thin link comes once. */
@ExtendWith(SharedRadosgw.class)
@Timeout(300)
final class OneFetchTest {
  private static final int REPLICAS = 3;
  private static final int CLIENTS = 20;
  private static final int SIZE = 8 << 20;
  private static final int PART = 64 << 10;
  private static final int PACE = 1 << 20;

  @TempDir private Path directory;
  private final ScriptedRegistry upstream = ScriptedRegistry.plain();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final List<WeirProcess> weirs = new ArrayList<>();
  private byte[] layer = {};
  private Digest digest = Digest.sha256(layer);

  @BeforeEach
  void start(Radosgw server) throws Exception {
    layer = new byte[SIZE];
    new Random(7).nextBytes(layer);
    digest = upstream.addBlob("team/app", layer);
    upstream.paceBodies(PACE);
    String bucket = "{" + server.yaml(server.newBucket()) + "}";
    List<Future<WeirProcess>> starts = new ArrayList<>();
    for (int i = 0; i < REPLICAS; i++) {
      Path home = Files.createDirectory(directory.resolve("weir" + i));
      starts.add(clients.submit(() -> started(home, bucket)));
    }
    for (Future<WeirProcess> each : starts) {
      weirs.add(each.get());
    }
  }

  private WeirProcess started(Path home, String bucket) {
    return WeirProcess.startOn(home, bucket, "upstreams: {up: {remoteurl: '" + upstream.uri()
        + "', maxsegments: 1}}\ncache: {scratch: {path: '" + home.resolve("scratch") + "'}}\n");
  }

  @AfterEach
  void stop() {
    weirs.forEach(WeirProcess::close);
    upstream.close();
    clients.close();
  }

  private Future<byte[]> pulling(WeirProcess weir) {
    return clients.submit(() -> {
      try (RawPull pull = RawPull.start(weir.port(), "/v2/up/team/app/blobs/" + digest)) {
        assertThat(pull.status()).isEqualTo(200);
        return pull.readAll();
      }
    });
  }

  private List<Delivery> sent() {
    return upstream.deliveries().stream().filter(each -> each.path().contains(digest.hex())).toList();
  }

  private long asked() {
    return upstream.log().stream().filter(line -> line.startsWith("GET") && line.contains(digest.hex())).count();
  }

  /** So many bodies are too much to keep. */
  private Future<Digest> hashing(WeirProcess weir) {
    return clients.submit(() -> {
      MessageDigest hash = Digest.Algorithm.SHA256.newHash();
      try (RawPull pull = RawPull.start(weir.port(), "/v2/up/team/app/blobs/" + digest)) {
        for (byte[] part = pull.read(PART); part.length > 0; part = pull.read(PART)) {
          hash.update(part);
        }
      }
      return Digest.of(Digest.Algorithm.SHA256, hash);
    });
  }

  @Test
  void clientsOfThreeWeirsCostOneFetch() throws Exception {
    List<Future<Digest>> pulls = new ArrayList<>();
    for (int i = 0; i < REPLICAS * CLIENTS; i++) {
      pulls.add(hashing(weirs.get(i % REPLICAS)));
    }
    for (Future<Digest> pull : pulls) {
      assertThat(pull.get()).isEqualTo(digest);
    }
    assertThat(asked()).isEqualTo(1);
    Await.until("upstream has noted it", () -> !sent().isEmpty());
    assertThat(sent().stream().mapToLong(Delivery::length)).containsExactly((long) SIZE);
  }

  @Test
  void theNextGoesOnWhereAKilledOneWas() throws Exception {
    Future<byte[]> lost = pulling(weirs.getFirst());
    Await.until("it is fetched", () -> asked() == 1);
    try (RawPull followed = RawPull.start(weirs.get(1).port(), "/v2/up/team/app/blobs/" + digest)) {
      Future<byte[]> other = pulling(weirs.get(2));
      byte[] begin = followed.read(SIZE / 3);
      assertThat(asked()).isEqualTo(1);
      weirs.getFirst().kill();
      byte[] rest = followed.readAll();
      assertThat(begin.length + rest.length).isEqualTo(SIZE);
      assertThat(other.get()).isEqualTo(layer);
    }
    assertThat(lost.get()).hasSizeLessThan(SIZE);
    assertThat(asked()).isEqualTo(2);
    Await.until("upstream has noted both", () -> sent().size() == 2);
    Delivery second = sent().stream().filter(each -> each.to() == SIZE).findFirst().orElseThrow();
    assertThat(second.from()).as("what the first had handed on").isGreaterThanOrEqualTo(SIZE / 3);
  }
}
