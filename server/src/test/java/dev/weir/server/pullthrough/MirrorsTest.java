package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** Registries that are asked before the upstream itself. */
@Timeout(300)
final class MirrorsTest {
  private static final int SIZE = 4 << 20;
  private static final String REPOSITORY = "origin/team/app";
  private static final String AT_MIRROR = "quay.io/team/app";

  @TempDir private Path folder;

  private final ScriptedRegistry mirror = ScriptedRegistry.plain();
  private final ScriptedRegistry origin = ScriptedRegistry.plain();
  private final byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
  private final byte[] layer = Bytes.random(5, SIZE);
  private final Digest digest = Digest.sha256(layer);
  private TestWeir weir;

  @BeforeEach
  void start() {
    mirror.addImage(AT_MIRROR, "1.0", config, layer);
    origin.addImage("team/app", "1.0", config, layer);
    weir = weir("").start();
  }

  private TestWeir.Builder weir(String more) {
    return TestWeir.in(folder.resolve("data")).cache("tagttl: 0s").upstream("origin",
        "remoteurl: '" + origin.uri() + "', mirrors: ['" + mirror.uri() + "/quay.io']" + more);
  }

  @AfterEach
  void close() {
    weir.close();
    mirror.close();
    origin.close();
  }

  private void pull() {
    assertThat(weir.client().manifest(REPOSITORY, "1.0").status()).isEqualTo(200);
    assertThat(weir.client().blob(REPOSITORY, Digest.sha256(config)).body()).isEqualTo(config);
    assertThat(weir.client().blob(REPOSITORY, digest).body()).isEqualTo(layer);
  }

  @Test
  void whatAMirrorHasTheUpstreamIsNotAskedFor() {
    pull();
    assertThat(weir.client().get("/v2/" + REPOSITORY + "/tags/list").text()).contains("\"1.0\"");
    assertThat(mirror.log()).contains("GET /v2/" + AT_MIRROR + "/manifests/1.0",
        "GET /v2/" + AT_MIRROR + "/blobs/" + digest);
    assertThat(origin.log()).as("a mirror's list may be short").allMatch(line -> line.contains("/tags/list"));
  }

  @Test
  void whatAMirrorLacksComesFromTheUpstream() {
    Digest other = origin.addImage("team/app", "2.0", config, Bytes.random(6, 1000));
    assertThat(weir.client().manifest(REPOSITORY, "2.0").digest()).isEqualTo(other);
    assertThat(weir.client().blob(REPOSITORY, Digest.sha256(Bytes.random(6, 1000))).status()).isEqualTo(200);
    assertThat(weir.client().manifest(REPOSITORY, "3.0").code()).isEqualTo("MANIFEST_UNKNOWN");
  }

  @Test
  void aMirrorThatRefusesFailsOrIsGonePassesOnToTheUpstream() {
    for (int status : List.of(401, 403, 500, 502)) {
      mirror.next("/manifests/", new Fault.Instead(MockAnswer.html(status)));
      mirror.next("/blobs/", new Fault.Instead(MockAnswer.html(status)));
    }
    mirror.close();
    pull();
  }

  @Test
  void aMirrorThatHangsCostsTheFirstClientOneWaitAndTheNextNone() throws IOException {
    weir.close();
    try (Doors.Silent silent = new Doors.Silent()) {
      weir = TestWeir.in(folder.resolve("other")).upstream("origin",
          "remoteurl: '" + origin.uri() + "', mirrors: ['" + silent.uri() + "']").start();
      assertThat(weir.client().manifest(REPOSITORY, "1.0").time()).isLessThan(Duration.ofSeconds(15));
      TestClient.Reply next = weir.client().blob(REPOSITORY, digest);
      assertThat(next.body()).isEqualTo(layer);
      assertThat(next.time()).isLessThan(Duration.ofSeconds(4));
    }
  }

  @Test
  void aDownloadThatBreaksAtTheMirrorGoesOnAtTheUpstream() {
    mirror.next("/blobs/" + digest, new Fault.CutAt(SIZE / 4));
    assertThat(weir.client().manifest(REPOSITORY, "1.0").status()).isEqualTo(200);
    assertThat(weir.client().blob(REPOSITORY, digest).body()).isEqualTo(layer);
    assertThat(origin.log()).containsExactly("GET /v2/team/app/blobs/" + digest + " [bytes=" + SIZE / 4 + "-]");
  }

  /** Nobody saw a byte of it, so nobody need hear of it. */
  @Test
  void aSmallBlobThatIsWrongAtTheMirrorComesFromTheUpstream() {
    Digest small = Digest.sha256(config);
    mirror.next("/blobs/" + small, new Fault.FlipAt(1));
    assertThat(weir.client().manifest(REPOSITORY, "1.0").status()).isEqualTo(200);
    assertThat(weir.client().blob(REPOSITORY, small).body()).isEqualTo(config);
    assertThat(origin.log()).containsExactly("GET /v2/team/app/blobs/" + small);
  }

  @Test
  void aLargeBlobThatIsWrongAtTheMirrorIsCutAndThenComesFromTheUpstream() throws IOException {
    mirror.next("/blobs/" + digest, new Fault.FlipAt(SIZE / 2));
    mirror.next("/blobs/" + digest, new Fault.FlipAt(SIZE / 2));
    assertThat(weir.client().manifest(REPOSITORY, "1.0").status()).isEqualTo(200);
    try (RawPull pull = RawPull.start(weir.port(), "/v2/" + REPOSITORY + "/blobs/" + digest)) {
      assertThat(pull.readAll()).hasSizeLessThan(SIZE);
    }
    assertThat(weir.client().blob(REPOSITORY, digest).body()).isEqualTo(layer);
    assertThat(origin.log()).containsExactly("GET /v2/team/app/blobs/" + digest);
  }

  @Test
  void aMirrorGetsTheCredentialsOfItsOwnNameAndTheUpstreamsNever() throws IOException {
    weir.close();
    Path secret = Files.writeString(folder.resolve("secret.json"),
        "{\"auths\":{\"" + mirror.host() + "\":{\"auth\":\"bTptaXJyb3I=\"}}}");
    weir = weir(", username: u, password: upstreams-own").section("pullsecret: '" + secret + "'").start();
    for (ScriptedRegistry each : List.of(mirror, origin)) {
      each.next("/manifests/1.0",
          new Fault.Instead(MockAnswer.html(401).with("WWW-Authenticate", "Basic realm=\"x\"")));
    }
    assertThat(weir.client().manifest(REPOSITORY, "1.0").status()).isEqualTo(200);
    assertThat(mirror.server().requests()).last()
        .satisfies(request -> assertThat(request.header("Authorization")).contains("Basic bTptaXJyb3I="));
    assertThat(origin.log()).isEmpty();
  }

  /** What is held does not wait for the mirror, and the first who asks is the only one who waits at all. */
  @Test
  void aHeldTagIsConfirmedByTheUpstreamWhileTheMirrorIsGone() {
    pull();
    mirror.close();
    TestClient.Reply reply = weir.client().manifest(REPOSITORY, "1.0");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Warning")).isEmpty();
    assertThat(origin.log()).containsExactly("HEAD /v2/team/app/manifests/1.0");
  }
}
