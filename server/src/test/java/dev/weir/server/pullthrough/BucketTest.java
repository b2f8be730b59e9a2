package dev.weir.server.pullthrough;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import dev.weir.server.admin.AdminClient;
import dev.weir.server.admin.SocketClient;
import dev.weir.server.cli.WeirCommand;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.s3.S3Proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A weir whose data lies in a bucket: what it asks of whom, and what becomes of it when the bucket is gone. */
final class BucketTest {
  private static final byte[] LAYER = layer();

  @TempDir private Path directory;
  private S3Proxy server;
  private ScriptedRegistry upstream;
  private String bucket;
  private Digest layer;

  private static byte[] layer() {
    byte[] layer = new byte[11 << 20];
    new Random(1).nextBytes(layer);
    return layer;
  }

  @BeforeEach
  void start() throws IOException {
    server = S3Proxy.over(Files.createDirectory(directory.resolve("buckets")));
    upstream = ScriptedRegistry.plain();
    bucket = server.newBucket();
    layer = Digest.sha256(LAYER);
    upstream.addImage("team/app", "v1", LAYER);
  }

  @AfterEach
  void stop() {
    upstream.close();
    server.close();
  }

  private TestWeir.Builder weir(String scratch) {
    return TestWeir.in(directory.resolve(scratch)).storage(server.yaml(bucket))
        .cache("tagttl: 10m, scratch: {path: '" + directory.resolve(scratch) + "', maxsize: 100MiB}")
        .section("health: {storagedriver: {interval: 50ms, threshold: 1}}").upstream("hub", upstream.uri());
  }

  private static void pull(TestWeir weir, Digest layer) {
    assertThat(weir.client().manifest("hub/team/app", "v1").status()).isEqualTo(200);
    assertThat(weir.client().blob("hub/team/app", layer).body()).isEqualTo(LAYER);
  }

  @Test
  void whatOneFetchedAnotherHasFromTheBucketWithoutUpstream() {
    try (TestWeir first = weir("first").start()) {
      pull(first, layer);
    }
    assertThat(server.contents(bucket)).contains("docker/registry/v2/blobs/sha256/" + layer.hex().substring(0, 2) + "/"
        + layer.hex() + "/data").noneMatch(key -> key.startsWith("unfinished"));
    upstream.forget();
    try (TestWeir second = weir("second").cache("offline: true, scratch: {path: '" + directory.resolve("second") + "'}")
        .start()) {
      pull(second, layer);
      assertThat(second.client().get("/v2/hub/team/app/blobs/" + layer, "Range", "bytes=5000000-5000009").body())
          .isEqualTo(Arrays.copyOfRange(LAYER, 5_000_000, 5_000_010));
      Await.until("it is at hand", () -> second.files("weir/hot/sha256").size() == 1);
      assertThat(second.files("weir/partial/")).isEmpty();
      assertThat(second.metric("weir_storage_read_bytes_total")).isEqualTo(2 * LAYER.length); // passed on, then brought here
      assertThat(second.metric("weir_storage_passed_blobs_total")).isEqualTo(1);
      assertThat(second.metric("registry_proxy_pulled_bytes_total")).isZero();
    }
    assertThat(upstream.log()).isEmpty();
  }

  @Test
  void aBucketThatDoesNotAnswerIsNoMissingImage() throws IOException {
    try (TestWeir weir = weir("scratch").start()) {
      pull(weir, layer);
      Await.until("it is ready", () -> weir.client().get("/readyz").status() == 200);
      Await.until("it is stored", () -> !weir.files("weir/hot/sha256").isEmpty());
      server.stop();
      pull(weir, layer); // out of what is at hand
      TestClient.Reply manifest = weir.client().manifest("hub/team/app", layer.toString());
      assertThat(manifest.status()).isEqualTo(503);
      assertThat(manifest.code()).isEqualTo("UNAVAILABLE");
      assertThat(manifest.header("Retry-After")).isPresent();
      assertThat(manifest.text()).doesNotContain(bucket);
      assertThat(weir.client().get("/v2/_catalog").status()).isEqualTo(503);
      Await.until("it is not ready", () -> weir.client().get("/readyz").status() == 503);
      assertThat(weir.client().get("/readyz").text()).contains("not ready").doesNotContain(bucket);
      assertThat(weir.client().get("/healthz").status()).isEqualTo(200);
      AdminClient admin = new SocketClient(directory.resolve("scratch/weir/admin.sock"));
      assertThat(admin.get("/weir/v1/status").path("failing").toString())
          .contains("the store is out of reach, and only what is at hand is served: cannot list weir/");

      server.start();
      Await.until("it is ready again", () -> weir.client().get("/readyz").status() == 200);
      assertThat(admin.get("/weir/v1/status").path("failing")).isEmpty();
      pull(weir, layer);
    }
  }

  @Test
  void clientsAreSentToTheBucketOnlyIfThatIsSwitchedOn() {
    try (TestWeir weir = weir("scratch").start()) {
      pull(weir, layer);
    }
    try (TestWeir weir = weir("scratch").storage(server.yaml(bucket) + ", redirect: {disable: false}").start()) {
      TestClient.Reply sent = weir.client().blob("hub/team/app", layer);
      assertThat(sent.status()).isEqualTo(307);
      assertThat(sent.header("Location").orElseThrow()).startsWith(server.address().toString())
          .contains("X-Amz-Signature=");
      assertThat(weir.client().head("/v2/hub/team/app/blobs/" + layer).status()).isEqualTo(200);
      assertThat(weir.client().blob("other/app", layer).status()).isEqualTo(404);
    }
  }

  @Test
  void weirStartsWhereTheBucketIsNotThereYet() {
    server.asOwner().deleteBucket(request -> request.bucket(bucket));
    try (TestWeir weir = weir("scratch").start()) {
      assertThat(weir.client().manifest("team/app", "v1").status()).isEqualTo(503);
      assertThat(weir.client().get("/readyz").status()).isEqualTo(503);
      server.asOwner().createBucket(request -> request.bucket(bucket));
      Await.until("it is ready", () -> weir.client().get("/readyz").status() == 200);
      pull(weir, layer);
    }
  }

  private String collectedNow() {
    try {
      return collected("1s");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String collected(String grace) throws IOException {
    Path config = Files.writeString(directory.resolve("gc.yml"), "version: 0.1\nstorage: {" + server.yaml(bucket)
        + "}\ncache: {scratch: {path: '" + directory.resolve("idle") + "'}}\ngc: {grace: " + grace + "}\n");
    StringWriter said = new StringWriter();
    CommandLine weir = WeirCommand.commands().setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
    assertThat(weir.execute("garbage-collect", config.toString())).as(said.toString()).isZero();
    return said.toString();
  }

  @Test
  void whatWasWrittenAMomentAgoIsNotCollectedSinceSomebodyMayBeAboutToNameIt() throws IOException {
    try (TestWeir weir = weir("scratch").start()) {
      weir.client().push("team/new", "not named yet".getBytes(UTF_8));
      assertThat(new SocketClient(directory.resolve("scratch/weir/admin.sock")).run("/weir/v1/gc",
          Map.of("dryRun", false), job -> {}).path("later").asText()).contains("looks through it soon");
      assertThatThrownBy(() -> new SocketClient(directory.resolve("scratch/weir/admin.sock")).run("/weir/v1/gc",
          Map.of("untagged", true), job -> {})).hasMessageContaining("garbage-collect CONFIG -m");
    }
    assertThat(collected("1h")).contains("0 blobs and 0 manifests eligible")
        .contains("1 blobs that no manifest names stay")
        .contains("within 60 minutes (gc.grace)");
    Await.until("it is two seconds old", () -> collectedNow().contains("1 blobs and 0 manifests eligible"));
    assertThat(server.contents(bucket)).noneMatch(key -> key.endsWith("/data"));
  }
}
