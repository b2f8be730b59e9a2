package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** What upstream shows in one repository is not shown by weir in another. */
final class ConfirmationTest {
  private static final String SECRET = "origin/team/secret";
  private static final String OTHER = "origin/team/other";
  /** More than an error body, less than a manifest. */
  private static final int A_LITTLE = 100;

  @TempDir private Path folder;

  private final ScriptedRegistry registry = ScriptedRegistry.plain();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final byte[] layer = Bytes.random(8, 1 << 20);
  private final Digest blob = Digest.sha256(layer);
  private Digest manifest;
  private TestWeir weir;

  @BeforeEach
  void start() {
    manifest = registry.addImage("team/secret", "1.0", "{}".getBytes(StandardCharsets.UTF_8), layer);
    registry.addImage("team/other", "1.0", "{\"other\":1}".getBytes(StandardCharsets.UTF_8));
    weir = TestWeir.in(folder.resolve("data")).upstream("origin", registry.uri()).start();
  }

  @AfterEach
  void close() {
    weir.close();
    registry.close();
    threads.shutdownNow();
  }

  @Test
  void aBlobThatIsHeldForOneRepositoryIsNotGivenOutInAnother() {
    assertThat(weir.client().blob(SECRET, blob).body()).isEqualTo(layer);

    absentInOther("blobs/" + blob, "BLOB_UNKNOWN");
    absentInOther("blobs/" + manifest, "BLOB_UNKNOWN");
    assertThat(weir.client().head("/v2/" + OTHER + "/blobs/" + blob).status()).isEqualTo(404);
    assertThat(weir.client().get("/v2/" + OTHER + "/blobs/" + blob, "If-None-Match", "\"" + blob + "\"").status())
        .isEqualTo(404);
  }

  @Test
  void aManifestThatIsHeldForOneRepositoryIsNotGivenOutInAnother() {
    assertThat(weir.client().manifest(SECRET, "1.0").digest()).isEqualTo(manifest);

    absentInOther("manifests/" + manifest, "MANIFEST_UNKNOWN");
    absentInOther("blobs/" + manifest, "BLOB_UNKNOWN");
  }

  @Test
  void aBlobThatIsOnItsWayForOneRepositoryIsNotGivenOutInAnother() throws Exception {
    registry.pauseBodiesAfter(A_LITTLE);
    try (RawPull running = RawPull.start(weir.port(), "/v2/" + SECRET + "/blobs/" + blob)) {
      absentInOther("blobs/" + blob, "BLOB_UNKNOWN");

      registry.resumeBodies();

      assertThat(running.readAll()).isEqualTo(layer);
    }
    absentInOther("blobs/" + blob, "BLOB_UNKNOWN");
  }

  @Test
  void aManifestThatIsOnItsWayForOneRepositoryIsNotGivenOutInAnother() throws Exception {
    registry.pauseBodiesAfter(A_LITTLE);
    Future<TestClient.Reply> running = threads
        .submit(() -> weir.client().manifest(SECRET, manifest.toString()));
    Await.until("upstream was asked", () -> registry.log().size() == 1);

    absentInOther("manifests/" + manifest, "MANIFEST_UNKNOWN");

    registry.resumeBodies();
    assertThat(running.get().digest()).isEqualTo(manifest);
  }

  @Test
  void offlineNothingIsGivenOutInARepositoryThatHasNotConfirmedIt() throws IOException {
    assertThat(weir.client().manifest(SECRET, "1.0").status()).isEqualTo(200);
    assertThat(weir.client().blob(SECRET, blob).status()).isEqualTo(200);
    Await.until("the blob is stored", () -> weir.files(blob.hex() + "/data").size() == 1);
    weir.close();
    weir = TestWeir.in(folder.resolve("data")).upstream("origin", registry.uri()).cache("offline: true").start();

    assertThat(weir.client().blob(SECRET, blob).body()).isEqualTo(layer);
    absentInOther("blobs/" + blob, "BLOB_UNKNOWN");
    absentInOther("manifests/" + manifest, "MANIFEST_UNKNOWN");
  }

  private void absentInOther(String what, String code) {
    TestClient.Reply reply = weir.client().get("/v2/" + OTHER + "/" + what);
    assertThat(reply.status()).as(what).isEqualTo(404);
    assertThat(reply.code()).as(what).isEqualTo(code);
  }
}
