package dev.weir.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.weir.server.tls.TestCertificates;
import dev.weir.server.tls.TlsSettings;
import dev.weir.server.tls.TlsSettings.ClientAuthentication;
import dev.weir.server.tls.TlsSettings.Minimum;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies of blobs over TLS, where sendfile cannot help. */
class TlsSendingTest {
  private static final int LARGE = (32 << 20) + 7;

  @TempDir static Path folder;
  private static TestCertificates ca;
  private final FakeRegistry registry = new FakeRegistry();
  @TempDir private Path directory;
  @SuppressWarnings("NullAway.Init") // every test starts its own
  private TlsSetup setup;
  @SuppressWarnings("NullAway.Init") // every test starts its own
  private TestServer server;

  @BeforeAll
  static void issue() throws IOException {
    ca = TestCertificates.in(folder);
  }

  @AfterEach
  void stop() {
    server.close();
    setup.close();
  }

  private void start(TlsSettings.Provider provider) throws IOException {
    setup = TlsSetup.of(new TlsSettings(Minimum.TLS_1_2, List.of(), ClientAuthentication.NONE, provider),
        ca.material(ca.local()));
    server = TestServer.tls(setup, TestServer.registry(registry));
  }

  private RawClient connect() throws Exception {
    return new RawClient(
        ca.client().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.server().port()));
  }

  private TestBlob offer(byte[] content) throws IOException {
    TestBlob blob = new TestBlob(directory, content);
    registry.blobs.put(Digest.sha256(content), () -> blob);
    return blob;
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static RawClient.Reply begin(RawClient client, byte[] content, String headers) throws IOException {
    return client.send("GET /v2/team/app/blobs/" + Digest.sha256(content) + " HTTP/1.1\r\nHost: weir\r\n" + headers
        + "\r\n").readHead();
  }

  @ParameterizedTest
  @EnumSource
  void largeBlobArrivesWholeAndTheConnectionGoesOn(TlsSettings.Provider provider) throws Exception {
    start(provider);
    byte[] content = random(LARGE);
    TestBlob blob = offer(content).arriveWhole();
    try (RawClient client = connect()) {
      assertThat(begin(client, content, "").header("Content-Length")).contains(Integer.toString(LARGE));
      assertThat(Arrays.equals(client.readBytes(LARGE), content)).isTrue();
      assertThat(blob.isClosedSoon()).isTrue();
      assertThat(server.nextAnswer().bytes()).isEqualTo(LARGE);
      assertThat(client.get("/v2/").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rangeIsCutOutOfTheMiddle(TlsSettings.Provider provider) throws Exception {
    start(provider);
    byte[] content = random(LARGE);
    offer(content).arriveWhole();
    int from = FilePieces.MOST_BYTES - 3;
    int end = 3 * FilePieces.MOST_BYTES + 5;
    try (RawClient client = connect()) {
      assertThat(begin(client, content, "Range: bytes=" + from + "-" + (end - 1) + "\r\n").status()).isEqualTo(206);
      assertThat(Arrays.equals(client.readBytes(end - from), Arrays.copyOfRange(content, from, end))).isTrue();
    }
    assertThat(server.nextAnswer().bytes()).isEqualTo(end - from);
  }

  @ParameterizedTest
  @EnumSource
  void growingBlobIsGivenAsItGrows(TlsSettings.Provider provider) throws Exception {
    start(provider);
    byte[] content = random(1 << 20);
    TestBlob blob = offer(content);
    try (RawClient client = connect()) {
      begin(client, content, "");
      blob.arrive(1);
      assertThat(client.readBytes(1)).isEqualTo(Arrays.copyOf(content, 1));
      blob.arrive(content.length - 2);
      assertThat(client.readBytes(content.length - 2)).isEqualTo(Arrays.copyOfRange(content, 1, content.length - 1));
      blob.arrive(1);
      assertThat(client.readBytes(1)[0]).isEqualTo(content[content.length - 1]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void failureOnTheWayCutsTheConnectionShortOfItsLength(TlsSettings.Provider provider) throws Exception {
    start(provider);
    byte[] content = random(300_000);
    TestBlob blob = offer(content).arrive(100_000);
    try (RawClient client = connect()) {
      begin(client, content, "");
      blob.awaitReader();
      blob.fail(new IOException("upstream sent other bytes"));
      assertThat(Arrays.equals(client.readToEnd(), Arrays.copyOf(content, 100_000))).isTrue();
    }
    assertThat(server.nextAnswer().bytes()).isEqualTo(100_000);
  }

  @ParameterizedTest
  @EnumSource
  void readerThatLeavesLeavesNothingOpen(TlsSettings.Provider provider) throws Exception {
    start(provider);
    byte[] content = random(LARGE);
    TestBlob blob = offer(content).arriveWhole();
    try (RawClient client = connect()) {
      begin(client, content, "");
      client.readBytes(1000);
      assertThat(blob.isClosed()).as("the rest does not fit into the socket").isFalse();
    }
    assertThat(blob.isClosedSoon()).isTrue();
    assertThat(server.nextAnswer().bytes()).isLessThan(LARGE);
  }

  @ParameterizedTest
  @EnumSource
  void bodyThatNobodyWantsDoesNotTakeTheAnswerAway(TlsSettings.Provider provider) throws Exception {
    start(provider);
    try (RawClient client = connect()) {
      client.send("PUT /v2/team/app/manifests/v1 HTTP/1.1\r\nHost: weir\r\nContent-Length: 20000000\r\n\r\n")
          .send(new byte[3 << 20]);
      assertThat(client.read().status()).isBetween(400, 499);
    }
  }
}
