package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.http.RawClient;
import dev.weir.server.http.RawClient.Reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What the configuration says of limits and proxies reaches the door. */
class LimitsTest {
  @TempDir private Path folder;

  private Weir start(String http, String sections) throws Exception {
    Path config = Files.writeString(folder.resolve("weir.yml"), """
        version: 0.1
        http: {addr: "127.0.0.1:0", draintimeout: 50ms, %s}
        storage: {filesystem: {rootdirectory: '%s'}}
        """.formatted(http, folder.resolve("data")) + sections);
    return Weir.start(ConfigLoader.load(config, Map.of()).config(), Map.of());
  }

  private static Reply put(Weir weir, int bytes) throws IOException {
    try (RawClient client = new RawClient(weir.port())) {
      return client.send("PUT /v2/a/manifests/b HTTP/1.1\r\nHost: h\r\nContent-Length: " + bytes + "\r\n\r\n")
          .send(new byte[bytes]).read();
    }
  }

  @Test
  void sizesAreThoseOfTheConfiguration() throws Exception {
    try (Weir weir = start("limits: {headersize: 4KiB, manifestsize: 64KiB}", "")) {
      try (RawClient client = new RawClient(weir.port())) {
        assertThat(client.get("/healthz", "X: " + "y".repeat(3 << 10)).status()).isEqualTo(200);
        assertThat(client.get("/healthz", "X: " + "y".repeat(5 << 10)).status()).isEqualTo(431);
      }
      assertThat(put(weir, 64 << 10).text()).contains("MANIFEST_INVALID");
      assertThat(put(weir, (64 << 10) + 1).text()).contains("SIZE_INVALID").contains("65536 bytes");
    }
  }

  @Test
  void connectionsAndIdlenessAreThoseOfTheConfiguration() throws Exception {
    try (Weir weir = start("limits: {connectionsperaddress: 1, idletimeout: 500ms}", "");
        RawClient first = new RawClient(weir.port());
        RawClient second = new RawClient(weir.port())) {
      assertThat(second.readToEnd()).isEmpty();
      assertThat(first.readToEnd()).as("idle").isEmpty();
    }
  }

  @Test
  void requestsAtOnceAreThoseOfTheConfigurationAndProbesDoNotCount() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    int status = 0;
    try (Weir weir = start("limits: {requests: 1}", "")) {
      // each of them is at work a moment later, and for a second
      while (status != 429 && slow.size() < 200) {
        slow.add(new RawClient(weir.port())
            .send("PUT /v2/a/manifests/b HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n"));
        try (RawClient next = new RawClient(weir.port())) {
          status = next.get("/v2/").status();
          assertThat(next.get("/healthz").status()).isEqualTo(200);
        }
      }
    }
    for (RawClient each : slow) {
      each.close();
    }
    assertThat(status).isEqualTo(429);
  }

  @Test
  void guessesAreCountedByTheAddressThatAProxyStates() throws Exception {
    Path htpasswd = folder.resolve("htpasswd");
    new PasswordFileEditor(htpasswd).set("alice", "right".getBytes(UTF_8), 4);
    String auth = "auth: {htpasswd: {realm: r, path: '" + htpasswd + "'}}";
    try (Weir weir = start("trustedproxies: [127.0.0.0/8]", auth); RawClient client = new RawClient(weir.port())) {
      List<Integer> hammered = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        hammered.add(guess(client, "192.0.2.1"));
      }
      assertThat(hammered).contains(429);
      assertThat(guess(client, "192.0.2.2")).isEqualTo(401);
      assertThat(guess(client, "192.0.2.2, 127.0.0.9")).isEqualTo(401);
    }
  }

  /** Base64 of alice:wrong. */
  private static int guess(RawClient client, String from) throws IOException {
    return client.get("/v2/", "Authorization: Basic YWxpY2U6d3Jvbmc=", "X-Forwarded-For: " + from).status();
  }
}
