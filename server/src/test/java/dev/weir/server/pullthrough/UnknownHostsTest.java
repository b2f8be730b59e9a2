package dev.weir.server.pullthrough;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names of hosts that are nobody's upstream. One socket listens in their place on the loopback interface, and is the
 * proxy for everything outside it: whatever weir contacted, that socket would see.
 */
final class UnknownHostsTest {
  private static final Digest DIGEST = Digest.sha256(new byte[]{1});

  @TempDir private Path folder;

  private Doors.Silent socket;
  private ScriptedRegistry registry;
  private TestWeir weir;

  @BeforeEach
  void start() throws IOException {
    socket = new Doors.Silent();
    registry = ScriptedRegistry.plain();
    String proxy = socket.uri().toString();
    weir = TestWeir.in(folder.resolve("data")).upstream("origin", registry.uri())
        .environment(Map.of("HTTP_PROXY", proxy, "HTTPS_PROXY", proxy)).start();
  }

  @AfterEach
  void close() throws IOException {
    weir.close();
    registry.close();
    socket.close();
  }

  private List<String> hosts() {
    return List.of("127.0.0.1:" + socket.port(), "localhost:" + socket.port(), "[::1]:" + socket.port(), "127.0.0.1",
        "localhost", "0.0.0.0:" + socket.port(), "169.254.169.254", "169.254.1.1:" + socket.port(), "[fe80::1]",
        "metadata.google.internal", "10.0.0.1", "registry.example.com", "quay.io", "origin:" + socket.port(),
        "user:password@127.0.0.1:" + socket.port(), "2130706433:" + socket.port(), "0x7f000001",
        "http://127.0.0.1:" + socket.port() + "/", "//127.0.0.1:" + socket.port());
  }

  @Test
  void theNamespaceParameterIsAnswered404AndNobodyIsAsked() throws IOException {
    for (String host : hosts()) {
      String ns = "?ns=" + host.replace("[", "%5B").replace("]", "%5D");
      TestClient.Reply manifest = weir.client().get("/v2/team/app/manifests/1.0" + ns);
      assertThat(manifest.status()).as(host).isEqualTo(404);
      assertThat(manifest.code()).as(host).isEqualTo("NAME_UNKNOWN");
      assertThat(weir.client().get("/v2/team/app/blobs/" + DIGEST + ns).status()).as(host).isEqualTo(404);
      assertThat(weir.client().head("/v2/team/app/blobs/" + DIGEST + ns).status()).as(host).isEqualTo(404);
      assertThat(weir.client().get("/v2/team/app/tags/list" + ns).status()).as(host).isEqualTo(404);
    }
    nobodyWasAsked();
  }

  @Test
  void aFirstPathComponentIsARepositoryOfOursOrNoNameAtAll() throws IOException {
    for (String host : hosts()) {
      for (String rest : List.of("manifests/1.0", "blobs/" + DIGEST, "tags/list")) {
        TestClient.Reply reply = weir.client()
            .get("/v2/" + host.replace("[", "%5B").replace("]", "%5D") + "/team/app/" + rest);
        assertThat(reply.status()).as(host + " " + rest).isIn(400, 404);
        assertThat(reply.code()).as(host + " " + rest).isIn("NAME_INVALID", "NAME_UNKNOWN", "MANIFEST_UNKNOWN",
            "BLOB_UNKNOWN");
      }
    }
    nobodyWasAsked();
  }

  @Test
  void aHostBeforeTheVersionIsAnswered404OrIsNoAddressAtAll() throws IOException {
    for (String host : hosts()) {
      TestClient.Reply reply = weir.client()
          .get("/" + host.replace("[", "%5B").replace("]", "%5D") + "/v2/team/app/manifests/1.0");
      assertThat(reply.status()).as(host).isIn(400, 404);
    }
    assertThat(weir.client().get("/127.0.0.1:" + socket.port() + "/v2/team/app/manifests/1.0").code())
        .isEqualTo("NAME_UNKNOWN");
    nobodyWasAsked();
  }

  @Test
  void anotherHostBesideAnUpstreamsNameIsAnswered400() throws IOException {
    TestClient.Reply reply = weir.client()
        .get("/v2/origin/team/app/manifests/1.0?ns=127.0.0.1:" + socket.port());

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("NAME_INVALID");
    nobodyWasAsked();
  }

  /** Shows that the other tests could fail: a configured name outside the loopback interface does reach the socket. */
  @Test
  void aConfiguredHostIsAskedThroughTheProxy() throws IOException {
    try (TestWeir other = TestWeir.in(folder.resolve("other")).upstream("far", "remoteurl: 'http://far.example'")
        .environment(Map.of("HTTP_PROXY", socket.uri().toString())).waits(TestWaits.SHORT).start()) {
      assertThat(other.client().get("/v2/team/app/manifests/1.0?ns=far").status()).isEqualTo(504);
      Await.until("the socket is touched", this::isTouched);
    }
  }

  private boolean isTouched() {
    try {
      return socket.wasTouched();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void nobodyWasAsked() throws IOException {
    assertThat(socket.wasTouched()).isFalse();
    assertThat(registry.log()).isEmpty();
  }
}
