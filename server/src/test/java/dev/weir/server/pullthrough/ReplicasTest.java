package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestClient.Reply;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.s3.S3Proxy;

import static org.assertj.core.api.Assertions.assertThat;

/** Several weirs on one bucket: whatever a client was told by one, the others hold to. */
final class ReplicasTest {
  private static final String EMPTY_CONFIG = "{}";

  @TempDir private Path directory;
  private S3Proxy server;
  private ScriptedRegistry upstream;
  private String bucket;
  private List<TestWeir> replicas;

  @BeforeEach
  void start() throws IOException {
    server = S3Proxy.over(Files.createDirectory(directory.resolve("buckets")));
    upstream = ScriptedRegistry.plain();
    bucket = server.newBucket();
    replicas = IntStream.range(0, 3).mapToObj(this::replica).toList();
  }

  @AfterEach
  void stop() {
    replicas.forEach(TestWeir::close);
    upstream.close();
    server.close();
  }

  private TestWeir replica(int number) {
    Path scratch = directory.resolve("scratch" + number);
    return TestWeir.in(scratch).storage(server.yaml(bucket)).deletes()
        .cache("tagttl: 10m, scratch: {path: '" + scratch + "', maxsize: 100MiB}").upstream("hub", upstream.uri())
        .start();
  }

  private TestClient at(int replica) {
    return replicas.get(replica).client();
  }

  private static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String location(Reply reply, int status) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    return reply.header("Location").orElseThrow();
  }

  private String begin(int replica) {
    return location(at(replica).send("POST", "/v2/team/app/blobs/uploads/", new byte[0]), 202);
  }

  private void finish(int replica, String upload, byte[] last, byte[] blob) {
    Reply put = at(replica).send("PUT", upload + "&digest=" + Digest.sha256(blob), last);
    assertThat(put.status()).as(put.text()).isEqualTo(201);
  }

  private void assertServedByAll(byte[] blob) {
    for (TestWeir each : replicas) {
      assertThat(each.client().blob("team/app", Digest.sha256(blob)).body()).isEqualTo(blob);
    }
    assertThat(server.contents(bucket)).noneMatch(key -> key.startsWith("weir/uploads") || key.contains("unfinished"));
  }

  @Test
  void anUploadGoesOnAtWhicheverReplicaItsClientComesTo() {
    byte[] blob = random(1, 9_000_000);
    String upload = begin(0);
    for (int i = 0; i < 3; i++) {
      byte[] chunk = Arrays.copyOfRange(blob, i * 2_500_000, (i + 1) * 2_500_000);
      Reply patched = at((i + 1) % 3).send("PATCH", upload, chunk, "Content-Range",
          i * 2_500_000 + "-" + ((i + 1) * 2_500_000 - 1));
      upload = location(patched, 202);
      assertThat(patched.header("Range")).hasValue("0-" + ((i + 1) * 2_500_000 - 1));
    }
    Reply status = at(2).get(upload);
    assertThat(status.status()).isEqualTo(204);
    assertThat(status.header("Range")).hasValue("0-7499999");

    finish(1, upload, Arrays.copyOfRange(blob, 7_500_000, blob.length), blob);
    assertServedByAll(blob);
  }

  @Test
  void whatWasAcknowledgedByAReplicaThatDiedNeedNotBeSentAgain() {
    byte[] blob = random(2, 600_000);
    String upload = location(at(0).send("PATCH", begin(0), Arrays.copyOf(blob, 400_000)), 202);
    replicas.getFirst().close();
    assertThat(at(1).get(upload).header("Range")).hasValue("0-399999");
    upload = location(at(2).send("PATCH", upload, Arrays.copyOfRange(blob, 400_000, 600_000)), 202);
    finish(1, upload, new byte[0], blob);
    assertThat(at(2).blob("team/app", Digest.sha256(blob)).body()).isEqualTo(blob);
  }

  @Test
  void aBlobThatCameInOnePieceFindsItsPlaceInsideTheBucket() {
    byte[] blob = random(3, 300_000);
    String upload = location(at(0).send("PATCH", begin(0), blob), 202);
    finish(1, upload, new byte[0], blob);
    assertServedByAll(blob);
    byte[] whole = random(4, 300_000);
    finish(2, begin(1), whole, whole);
    assertServedByAll(whole);
  }

  @Test
  void anUploadThatEndedAtOneIsUnknownToTheOthers() {
    byte[] blob = random(5, 1_000);
    String finished = location(at(0).send("PATCH", begin(0), blob), 202);
    assertThat(at(1).get(finished).status()).isEqualTo(204);
    finish(2, finished, new byte[0], blob);
    String cancelled = begin(1);
    assertThat(at(0).send("DELETE", cancelled, new byte[0]).status()).isEqualTo(204);
    for (int i = 0; i < 3; i++) {
      for (String ended : List.of(finished, cancelled)) {
        assertThat(at(i).get(ended).code()).isEqualTo("BLOB_UPLOAD_UNKNOWN");
        assertThat(at(i).send("PATCH", ended, blob).status()).isEqualTo(404);
      }
    }
  }

  @Test
  void aChunkInTheWrongPlaceIsToldTheRightOneByEveryReplica() {
    byte[] blob = random(6, 1_000);
    String upload = location(at(0).send("PATCH", begin(0), Arrays.copyOf(blob, 600)), 202);
    for (int i = 0; i < 3; i++) {
      Reply refused = at(i).send("PATCH", upload, new byte[10], "Content-Range", "500-509");
      assertThat(refused.status()).isEqualTo(416);
      assertThat(refused.header("Range")).hasValue("0-599");
    }
    finish(1, upload, Arrays.copyOfRange(blob, 600, 1_000), blob);
  }

  private static String image(Digest layer, int size, String annotation) {
    return """
        {"schemaVersion": 2, "mediaType": "%s", "config": {"mediaType": "%s", "digest": "%s", "size": 2},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "%s", "size": %d}],
        "annotations": {"a": "%s"}}""".formatted(MediaTypes.OCI_MANIFEST, "application/vnd.oci.image.config.v1+json",
        Digest.sha256(EMPTY_CONFIG.getBytes(StandardCharsets.US_ASCII)), layer, size, annotation);
  }

  @Test
  void aTagThatMovesOrGoesAtOneDoesSoAtAllWithinASecond() {
    byte[] layer = random(7, 100);
    at(0).push("team/app", layer);
    at(1).push("team/app", EMPTY_CONFIG.getBytes(StandardCharsets.US_ASCII));
    String first = image(Digest.sha256(layer), 100, "first");
    String second = image(Digest.sha256(layer), 100, "second");
    assertThat(at(2).pushManifest("team/app", "v1", first).status()).isEqualTo(201);
    for (int i = 0; i < 3; i++) {
      assertThat(at(i).manifest("team/app", "v1").text()).isEqualTo(first);
    }
    assertThat(at(0).pushManifest("team/app", "v1", second).status()).isEqualTo(201);
    assertThat(at(0).manifest("team/app", "v1").text()).isEqualTo(second);
    Await.until("the others know", () -> at(1).manifest("team/app", "v1").text().equals(second)
        && at(2).manifest("team/app", "v1").text().equals(second));
    assertThat(at(1).send("DELETE", "/v2/team/app/manifests/v1", new byte[0]).status()).isEqualTo(202);
    assertThat(at(1).manifest("team/app", "v1").status()).isEqualTo(404);
    Await.until("the others know", () -> at(0).manifest("team/app", "v1").status() == 404
        && at(2).manifest("team/app", "v1").status() == 404);
  }

  @Test
  void aColdBlobCostsOneFetchWhicheverReplicasItsClientsComeTo() throws Exception {
    byte[] layer = random(8, 3_000_000);
    Digest digest = Digest.sha256(layer);
    upstream.addImage("team/app", "v1", layer);
    replicas.forEach(each -> assertThat(each.client().manifest("hub/team/app", "v1").status()).isEqualTo(200));
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> pulls = IntStream.range(0, 60)
          .mapToObj(i -> clients.submit(() -> at(i % 3).blob("hub/team/app", digest).body())).toList();
      for (Future<byte[]> pull : pulls) {
        assertThat(pull.get()).isEqualTo(layer);
      }
    }
    assertThat(upstream.log().stream().filter(line -> line.contains("GET") && line.contains(digest.hex()))).hasSize(1);
    Await.until("nothing is left of it",
        () -> server.contents(bucket).stream().noneMatch(key -> key.startsWith("weir/fetching")));
  }
}
