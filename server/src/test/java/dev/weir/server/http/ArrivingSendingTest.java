package dev.weir.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.tls.TestCertificates;
import dev.weir.server.tls.TlsSettings;
import dev.weir.storage.Arriving;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies of blobs that come by themselves, from a thread that waits for nobody. */
class ArrivingSendingTest {
  private static final int SIZE = (16 << 20) + 7;
  private static final byte[] CONTENT = new byte[SIZE];
  private static final String GET = "GET /v2/team/app/blobs/%s HTTP/1.1\r\nHost: weir\r\n\r\n";

  static {
    new Random(1).nextBytes(CONTENT);
  }

  private final FakeRegistry registry = new FakeRegistry();
  @SuppressWarnings("NullAway.Init") // every test starts its own
  private TestServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  private static RawClient.Reply begin(RawClient client) throws IOException {
    return client.send(GET.formatted(Digest.sha256(CONTENT))).readHead();
  }

  private ArrivingBlob offer(int arriving) {
    ArrivingBlob blob = new ArrivingBlob(arriving);
    registry.blobs.put(Digest.sha256(CONTENT), () -> blob);
    return blob;
  }

  /** Of which some bytes arrive, in odd pieces, a few out at a time; the others have to be asked for. */
  private static final class ArrivingBlob implements BlobBody, Arriving {
    private static final int PIECES_OUT = 4;

    private final int arriving;
    private final Semaphore room = new Semaphore(PIECES_OUT);
    private final CountDownLatch closed = new CountDownLatch(2);
    private volatile boolean isClosed;
    private volatile long askedFrom = -1;

    ArrivingBlob(int arriving) {
      this.arriving = arriving;
    }

    @Override
    public long size() {
      return SIZE;
    }

    @Override
    public FileChannel file() {
      throw new IllegalStateException("none");
    }

    @Override
    public boolean hasFile() {
      return false;
    }

    @Override
    public long awaitBeyond(long offset) {
      return SIZE;
    }

    @Override
    public Optional<Arriving> arriving() {
      return Optional.of(this);
    }

    @Override
    public void to(Taker taker) {
      Thread.ofPlatform().daemon().start(() -> hand(taker));
    }

    private void hand(Taker taker) {
      int at = 0;
      for (int length = 1; at < arriving && !isClosed; length = Math.min(2 * length + 1, 100_000)) {
        room.acquireUninterruptibly();
        int count = Math.min(length, arriving - at);
        ByteBuffer piece = ByteBuffer.allocateDirect(count).put(0, CONTENT, at, count);
        taker.take(piece, () -> {
          for (int i = 0; i < count; i++) {
            piece.put(i, (byte) 0); // whoever still reads it sees that
          }
          room.release();
        });
        at += count;
      }
      if (!isClosed && at == SIZE) {
        taker.end();
      } else if (!isClosed) {
        taker.broken(new IOException("that was all"));
      }
    }

    @Override
    public Optional<Passing> passing(long from, long end) {
      askedFrom = from;
      return Optional.of(new Passing() {
        private boolean isOver;

        @Override
        public Optional<ByteBuffer> next() {
          Optional<ByteBuffer> rest = isOver
              ? Optional.empty()
              : Optional.of(ByteBuffer.wrap(CONTENT, (int) from, (int) (end - from)));
          isOver = true;
          return rest;
        }

        @Override
        public void close() {
          // nothing is open
        }
      });
    }

    /** Once as what arrives, once as a body. */
    @Override
    public void close() {
      isClosed = true;
      closed.countDown();
    }

    /** And everything was given back. */
    private boolean isClosedSoon() throws InterruptedException {
      return closed.await(20, TimeUnit.SECONDS) && room.tryAcquire(PIECES_OUT, 20, TimeUnit.SECONDS);
    }
  }

  private void start(boolean portable) throws IOException {
    server = portable
        ? TestServer.portable(TestServer.registry(registry))
        : TestServer.of(TestServer.registry(registry));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatArrivesIsSentAndTheConnectionGoesOn(boolean portable) throws Exception {
    start(portable);
    ArrivingBlob blob = offer(SIZE);
    try (RawClient client = server.connect()) {
      assertThat(begin(client).header("Content-Length")).contains(Integer.toString(SIZE));
      assertThat(Arrays.equals(client.readBytes(SIZE), CONTENT)).isTrue();
      assertThat(server.nextAnswer().bytes()).isEqualTo(SIZE);
      assertThat(client.get("/v2/").status()).isEqualTo(200);
    }
    assertThat(blob.isClosedSoon()).isTrue();
    assertThat(blob.askedFrom).as("nothing else was asked for").isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource
  void overTlsAsWell(TlsSettings.Provider provider, @TempDir Path folder) throws Exception {
    TestCertificates ca = TestCertificates.in(folder);
    try (TlsSetup setup = TlsSetup.of(new TlsSettings(TlsSettings.Minimum.TLS_1_2, List.of(),
        TlsSettings.ClientAuthentication.NONE, provider), ca.material(ca.local()))) {
      server = TestServer.tls(setup, TestServer.registry(registry));
      ArrivingBlob blob = offer(SIZE);
      try (RawClient client = new RawClient(
          ca.client().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.server().port()))) {
        begin(client);
        assertThat(Arrays.equals(client.readBytes(SIZE), CONTENT)).isTrue();
        assertThat(client.get("/v2/").status()).isEqualTo(200);
      }
      assertThat(blob.isClosedSoon()).isTrue();
      assertThat(blob.askedFrom).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3_000_000, SIZE - 1})
  void whatDoesNotArriveIsAskedFor(int arriving) throws Exception {
    start(false);
    ArrivingBlob blob = offer(arriving);
    try (RawClient client = server.connect()) {
      begin(client);
      assertThat(Arrays.equals(client.readBytes(SIZE), CONTENT)).isTrue();
      assertThat(server.nextAnswer().bytes()).isEqualTo(SIZE);
      assertThat(client.get("/v2/").status()).isEqualTo(200);
    }
    assertThat(blob.isClosedSoon()).isTrue();
    assertThat(blob.askedFrom).isEqualTo(arriving);
  }

  @Test
  void aPartDoesNotArrive() throws Exception {
    start(false);
    ArrivingBlob blob = offer(SIZE);
    try (RawClient client = server.connect()) {
      assertThat(client.send("GET /v2/team/app/blobs/" + Digest.sha256(CONTENT)
          + " HTTP/1.1\r\nHost: weir\r\nRange: bytes=1000-1999\r\n\r\n").readHead().status()).isEqualTo(206);
      assertThat(client.readBytes(1000)).isEqualTo(Arrays.copyOfRange(CONTENT, 1000, 2000));
    }
    assertThat(blob.askedFrom).isEqualTo(1000);
  }

  @Test
  void whoLeavesLeavesNothingOut() throws Exception {
    start(false);
    ArrivingBlob blob = offer(SIZE);
    RawClient client = server.connect();
    begin(client);
    client.readBytes(1000);
    client.reset();
    assertThat(blob.isClosedSoon()).isTrue();
    assertThat(server.nextAnswer().bytes()).isBetween(1000L, SIZE - 1L);
  }

  @Test
  void whoTakesNothingIsCutOff() throws Exception {
    server = TestServer.of(TestServer.registry(registry), TestServer.limits(Duration.ofMillis(200)));
    ArrivingBlob blob = offer(SIZE);
    try (RawClient client = server.connect()) {
      client.send(GET.formatted(Digest.sha256(CONTENT)));
      assertThat(blob.isClosedSoon()).isTrue();
      assertThat(client.readToEnd().length).isLessThan(SIZE);
    }
  }
}
