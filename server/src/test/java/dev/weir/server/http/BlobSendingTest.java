package dev.weir.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.ByteRange;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies of blobs on their way: growing, failing, read slowly, not read at all. */
class BlobSendingTest {
  private static final int LARGE = 32 << 20;

  private final FakeRegistry registry = new FakeRegistry();
  @TempDir private Path directory;
  @SuppressWarnings("NullAway.Init") // every test starts its own
  private TestServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  private void start(boolean portable) throws IOException {
    server = portable
        ? TestServer.portable(TestServer.registry(registry))
        : TestServer.of(TestServer.registry(registry));
  }

  private TestBlob offer(byte[] content) throws IOException {
    TestBlob blob = new TestBlob(directory, content);
    registry.blobs.put(Digest.sha256(content), () -> blob);
    return blob;
  }

  private static String path(byte[] content) {
    return "/v2/team/app/blobs/" + Digest.sha256(content);
  }

  private static byte[] random(int size) {
    return random(size, 1);
  }

  private static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static RawClient request(RawClient client, String path, String headers) throws IOException {
    return client.send("GET " + path + " HTTP/1.1\r\nHost: weir\r\n" + headers + "\r\n");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void headersLeaveBeforeTheFirstByteExists(boolean portable) throws Exception {
    start(portable);
    byte[] content = random(1000);
    TestBlob blob = offer(content);
    try (RawClient client = server.connect()) {
      RawClient.Reply head = request(client, path(content), "").readHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).contains("1000");
      blob.arriveWhole();
      assertThat(client.readBytes(1000)).isEqualTo(content);
      assertThat(client.get("/v2/").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void growingBlobIsGivenAsItGrows(boolean portable) throws Exception {
    start(portable);
    byte[] content = random(300);
    TestBlob blob = offer(content).arrive(100);
    try (RawClient client = server.connect()) {
      request(client, path(content), "").readHead();
      assertThat(client.readBytes(100)).isEqualTo(Arrays.copyOf(content, 100));
      blob.arrive(1);
      assertThat(client.readBytes(1)).isEqualTo(Arrays.copyOfRange(content, 100, 101));
      blob.arrive(199);
      assertThat(client.readBytes(199)).isEqualTo(Arrays.copyOfRange(content, 101, 300));
    }
    assertThat(blob.isClosedSoon()).isTrue();
    assertThat(server.nextAnswer().bytes()).isEqualTo(300);
  }

  @Test
  void rangeFarAheadOfTheFillHasItsHeadersAndWaits() throws Exception {
    start(false);
    byte[] content = random(300);
    TestBlob blob = offer(content).arrive(100);
    try (RawClient client = server.connect()) {
      RawClient.Reply head = request(client, path(content), "Range: bytes=200-249\r\n").readHead();
      assertThat(head.status()).isEqualTo(206);
      assertThat(head.headers("Content-Range")).containsExactly("bytes 200-249/300");
      blob.awaitReader();
      blob.arrive(150);
      assertThat(client.readBytes(50)).isEqualTo(Arrays.copyOfRange(content, 200, 250));
      assertThat(client.get("/v2/").status()).as("the range ends before the blob does").isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void largeBlobArrivesWhole(boolean portable) throws Exception {
    start(portable);
    byte[] content = random(LARGE);
    TestBlob blob = offer(content).arriveWhole();
    try (RawClient client = server.connect()) {
      request(client, path(content), "").readHead();
      assertThat(Arrays.equals(client.readBytes(LARGE), content)).isTrue();
    }
    assertThat(blob.isClosedSoon()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readerThatLeavesLeavesNothingOpen(boolean portable) throws Exception {
    start(portable);
    byte[] content = random(LARGE);
    TestBlob blob = offer(content).arriveWhole();
    RawClient client = server.connect();
    request(client, path(content), "").readHead();
    client.readBytes(1000);
    assertThat(blob.isClosed()).as("the rest does not fit into the socket").isFalse();
    client.reset();
    assertThat(blob.isClosedSoon()).isTrue();
    assertThat(server.nextAnswer().bytes()).isBetween(1000L, LARGE - 1L);
  }

  @Test
  void readerThatLeavesWhileTheBlobStallsIsFoundOutByTheNextBytes() throws Exception {
    start(false);
    byte[] content = random(LARGE);
    TestBlob blob = offer(content).arrive(10);
    RawClient client = server.connect();
    request(client, path(content), "").readHead();
    blob.awaitReader();
    client.reset();
    blob.arrive(LARGE - 10);
    assertThat(blob.isClosedSoon()).isTrue();
    assertThat(server.nextAnswer().bytes()).isLessThan(LARGE);
  }

  @Test
  void readerThatTakesNothingIsCutOff() throws Exception {
    server = TestServer.of(TestServer.registry(registry), TestServer.limits(Duration.ofMillis(200)));
    byte[] content = random(LARGE);
    TestBlob blob = offer(content).arriveWhole();
    try (RawClient client = server.connect()) {
      request(client, path(content), "");
      assertThat(blob.isClosedSoon()).isTrue();
      assertThat(client.readToEnd().length).isLessThan(LARGE);
    }
  }

  @Test
  void failureOnTheWayCutsTheConnectionShortOfItsLength() throws Exception {
    start(false);
    byte[] content = random(300);
    TestBlob blob = offer(content).arrive(100);
    try (RawClient client = server.connect()) {
      request(client, path(content), "").readHead();
      blob.awaitReader();
      blob.fail(new IOException("upstream sent other bytes"));
      assertThat(client.readToEnd()).isEqualTo(Arrays.copyOf(content, 100));
    }
    assertThat(blob.isClosedSoon()).isTrue();
    Answer answer = server.nextAnswer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.bytes()).isEqualTo(100);
  }

  /** Comes from elsewhere: one piece, and then no more. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record BreakingOff(byte[] piece) implements BlobBody {
    @Override
    public long size() {
      return 2L * piece.length;
    }

    @Override
    public FileChannel file() {
      throw new IllegalStateException("no file");
    }

    @Override
    public boolean hasFile() {
      return false;
    }

    @Override
    public long awaitBeyond(long offset) {
      return size();
    }

    @Override
    public Optional<Passing> passing(long from, long end) {
      AtomicBoolean isGiven = new AtomicBoolean();
      return Optional.of(new Passing() {
        @Override
        public Optional<ByteBuffer> next() throws IOException {
          if (isGiven.getAndSet(true)) {
            throw new IOException("no more");
          }
          return Optional.of(ByteBuffer.wrap(piece));
        }

        @Override
        public void close() {}
      });
    }

    @Override
    public void close() {}
  }

  @Test
  void whatCameFromElsewhereBeforeThatBrokeOffIsSentAndCounted() throws Exception {
    byte[] piece = random(1000);
    server = TestServer.of(exchange -> exchange.send(200, Headers.NONE, new BreakingOff(piece), ByteRange.whole(2000)));
    try (RawClient client = server.connect()) {
      assertThat(request(client, "/", "").readHead().header("Content-Length")).contains("2000");
      assertThat(client.readToEnd()).isEqualTo(piece);
    }
    assertThat(server.nextAnswer().bytes()).isEqualTo(1000);
  }

  @Test
  void oneReaderThatWaitsHoldsUpNobodyElse() throws Exception {
    start(false);
    byte[] stalled = random(300);
    byte[] whole = random(500, 2);
    TestBlob blob = offer(stalled);
    offer(whole).arriveWhole();
    try (RawClient waiting = server.connect(); RawClient other = server.connect()) {
      request(waiting, path(stalled), "").readHead();
      blob.awaitReader();
      assertThat(other.get(path(whole)).body()).isEqualTo(whole);
      blob.arriveWhole();
      assertThat(waiting.readBytes(300)).isEqualTo(stalled);
    }
  }
}
