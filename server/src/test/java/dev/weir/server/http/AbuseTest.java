package dev.weir.server.http;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.sun.management.UnixOperatingSystemMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What no client should send gets a clear error or a closed connection, and the next client is served. */
class AbuseTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  private final FakeRegistry registry = new FakeRegistry();
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    HttpLimits d = TestServer.LIMITS;
    server = TestServer.of(TestServer.registry(registry), new HttpLimits(d.requestLineBytes(), d.headerBytes(),
        Duration.ofMillis(300), d.idleTimeout(), d.bodyTimeout(), d.writeTimeout(), d.discardedBytes(),
        d.drainTimeout(), d.manifestBytes(), d.connectionsPerAddress()));
  }

  @AfterEach
  void serverGoesOn() throws IOException {
    try (RawClient next = server.connect()) {
      assertThat(next.get("/v2/").status()).isEqualTo(200);
    }
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"/v2/Team/app/manifests/x,400,NAME_INVALID", "/v2/-a/manifests/x,400,NAME_INVALID",
      "/v2/a//b/manifests/x,400,NAME_INVALID", "/v2/a/../b/manifests/x,400,NAME_INVALID",
      "/v2/../../etc/passwd/manifests/x,400,NAME_INVALID", "/v2/a/%2e%2e/b/manifests/x,400,NAME_INVALID",
      "/v2/a/%2e%2e%2fb/manifests/x,400,NAME_INVALID", "/v2/a%00b/manifests/x,400,NAME_INVALID",
      "/v2/a%0d%0aX:y/manifests/x,400,NAME_INVALID", "/v2/a%252e%252e/manifests/x,400,NAME_INVALID",
      "/v2/_catalog/manifests/x,400,NAME_INVALID", "/v2/a/manifests/..,404,MANIFEST_UNKNOWN",
      "/v2/a/manifests/%2e%2e,404,MANIFEST_UNKNOWN", "/v2/a/manifests/x%00,404,MANIFEST_UNKNOWN",
      "/v2/a/manifests/sha256:1,400,DIGEST_INVALID", "/v2/a/blobs/sha256:1,400,DIGEST_INVALID",
      "/v2/a/blobs/md5:aaaa,400,DIGEST_INVALID", "/v2/a/blobs/..,400,DIGEST_INVALID",
      "/v2/a/blobs/sha256:%2e%2e,400,DIGEST_INVALID", "/v2/other%2fapp/manifests/x,404,NAME_UNKNOWN",
      "/v2/a/b,404,NAME_UNKNOWN", "/v1/x,404,NAME_UNKNOWN", "/evil.example/v2/a/manifests/x,404,NAME_UNKNOWN",
      "/../../etc/passwd,404,NAME_UNKNOWN", "/v2/%zz/manifests/x,400,UNSUPPORTED", "/v2/%/manifests/x,400,UNSUPPORTED",
      "/v2/%ff/manifests/x,400,UNSUPPORTED"})
  void strangeAddressesGetAnOciError(String path, int status, String code) throws IOException {
    try (RawClient client = server.connect()) {
      RawClient.Reply reply = client.get(path);
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.text()).startsWith("{\"errors\":[{\"code\":\"" + code + "\"");
      assertThat(reply.text().chars()).as("nothing that a terminal acts on").allMatch(c -> c >= ' ');
    }
  }

  @Test
  void veryLongNameWithinTheLimitIsInvalid() throws IOException {
    try (RawClient client = server.connect()) {
      assertThat(client.get("/v2/" + "a/".repeat(3000) + "b/manifests/x").text()).contains("NAME_INVALID");
      assertThat(client.get("/v2/" + "a".repeat(7000) + "/blobs/" + DIGEST).text()).contains("NAME_INVALID");
      assertThat(client.get("/v2/a/manifests/" + "a".repeat(7000)).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {9_000, 20_000, 2_000_000})
  void tooLongPathIsRefused(int length) throws IOException {
    try (RawClient client = server.connect()) {
      sendAsFarAsItGoes(client, "GET /v2/" + "a".repeat(length) + "/manifests/x HTTP/1.1\r\nHost: h\r\n\r\n");
      assertRefused(client, 414);
    }
  }

  @Test
  void tooLargeHeaderIsRefused() throws IOException {
    try (RawClient client = server.connect()) {
      sendAsFarAsItGoes(client, "GET /v2/ HTTP/1.1\r\nX: " + "a".repeat(40_000) + "\r\n\r\n");
      assertRefused(client, 431);
    }
    try (RawClient client = server.connect()) {
      sendAsFarAsItGoes(client, "GET /v2/ HTTP/1.1\r\n" + "X: y\r\n".repeat(20_000) + "\r\n");
      assertRefused(client, 431);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /v2/\r\n\r\n", "GET\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n",
      "GET /v2/ HTTP/1.1\r\nno colon here\r\n\r\n", "GET /v2/ HTTP/1.1\r\nContent-Length: x\r\n\r\n",
      "GET /v2/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "GET /v2/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "GET /v2/ HTTP/1.1\r\nX\u0000: y\r\n\r\n", "GET * HTTP/1.1\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n",
      "CONNECT evil.example:443 HTTP/1.1\r\n\r\n", "GET /v2/ JUNK/9\r\n\r\n"})
  void whatIsNoRequestIsRefusedAndTheConnectionClosed(String bytes) throws IOException {
    try (RawClient client = server.connect()) {
      client.send(bytes);
      assertRefused(client, 400);
    }
  }

  @Test
  void otherVersionsOfHttpAreRefused() throws IOException {
    try (RawClient client = server.connect()) {
      client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      assertRefused(client, 505);
    }
  }

  @Test
  void randomBytesEndTheConnection() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 50; i++) {
      byte[] bytes = new byte[random.nextInt(1, 3000)];
      random.nextBytes(bytes);
      try (RawClient client = server.connect()) {
        client.send(bytes).send("\r\n\r\n\r\n\r\n");
        String answer = new String(client.readToEnd(), ISO_8859_1);
        assertThat(answer).as("round %d of seed 7", i).matches("(?s)|HTTP/1\\.1 4\\d\\d .*");
      }
    }
  }

  @Test
  void garbageBehindARequestDoesNotSpoilItsAnswer() throws IOException {
    try (RawClient client = server.connect()) {
      client.send("GET /v2/ HTTP/1.1\r\nHost: h\r\n\r\n\u0001\u0002garbage\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
      assertRefused(client, 400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BREW", "get", "GETT", "PROPFIND", "TRACE"})
  void unknownMethodsAreUnsupported(String method) throws IOException {
    try (RawClient client = server.connect()) {
      RawClient.Reply reply = client.ask(method, "/v2/team/app/manifests/x");
      assertThat(reply.status()).isEqualTo(405);
      assertThat(reply.text()).contains("UNSUPPORTED");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"G", "GET /v2/ HTTP/1.1\r\n", "GET /v2/ HTTP/1.1\r\nHost: h\r\nX: "})
  void headerThatDoesNotEndInTimeEndsTheConnection(String begin) throws IOException {
    try (RawClient client = server.connect()) {
      client.send(begin);
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void headerThatDripsEndsTheConnectionAllTheSame() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("GET /v2/ HTTP/1.1\r\nX: ");
      Thread dripping = Thread.startVirtualThread(() -> drip(client));
      assertThat(client.readToEnd()).isEmpty();
      dripping.join();
    }
  }

  private static void drip(RawClient client) {
    try {
      while (true) {
        client.send("x");
        Thread.sleep(20);
      }
    } catch (IOException e) {
      // the server has closed, which is what the test is about
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Both ends are in this process, so it is half of what the process may open. */
  @Test
  void manyIdleConnectionsKeepNobodyFromBeingServed() throws IOException {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long room = (system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - 200) / 2;
    int count = (int) Math.min(10_000, room);
    List<RawClient> idle = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        idle.add(server.connect());
      }
      try (RawClient client = server.connect()) {
        assertThat(client.get("/v2/").status()).as("besides %d idle connections", count).isEqualTo(200);
      }
      assertThat(idle.getFirst().get("/v2/").status()).isEqualTo(200);
      assertThat(idle.getLast().get("/v2/").status()).isEqualTo(200);
    } finally {
      for (RawClient client : idle) {
        client.close();
      }
    }
  }

  /** The server may well have stopped listening before all of it has gone. */
  private static void sendAsFarAsItGoes(RawClient client, String text) {
    try {
      client.send(text.getBytes(UTF_8));
    } catch (IOException e) {
      // what matters is the answer
    }
  }

  private static void assertRefused(RawClient client, int status) throws IOException {
    RawClient.Reply reply = client.read();
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.text()).startsWith("{\"errors\":[{\"code\":\"UNSUPPORTED\"");
    assertThat(reply.header("Connection")).contains("close");
    assertThat(client.readToEnd()).isEmpty();
  }
}
