package dev.weir.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Bodies of requests: as a push will use them. */
class RequestBodyTest {
  @SuppressWarnings("NullAway.Init") // every test starts its own
  private TestServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  private static void answerDigest(Exchange exchange) throws IOException {
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    for (Optional<ByteBuffer> piece = exchange.body().next(); piece.isPresent(); piece = exchange.body().next()) {
      hash.update(piece.get());
    }
    exchange.respond(200, Headers.NONE, Digest.of(Digest.Algorithm.SHA256, hash).toString().getBytes(UTF_8));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16383, 16384, 5_000_000})
  void bodyOfKnownLengthArrivesWhole(int size) throws Exception {
    server = TestServer.of(RequestBodyTest::answerDigest);
    byte[] content = random(size);
    try (RawClient client = server.connect()) {
      client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n").send(content);
      assertThat(client.read().text()).isEqualTo(Digest.sha256(content).toString());
      assertThat(client.ask("GET", "/y").text()).isEqualTo(Digest.sha256(new byte[0]).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 70_000})
  void chunkedBodyArrivesWhole(int chunk) throws Exception {
    server = TestServer.of(RequestBodyTest::answerDigest);
    byte[] content = random(chunk * 30 + 1);
    try (RawClient client = server.connect()) {
      client.send("PATCH /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int at = 0; at < content.length; at += chunk) {
        byte[] piece = Arrays.copyOfRange(content, at, Math.min(at + chunk, content.length));
        client.send(Integer.toHexString(piece.length) + "\r\n").send(piece).send("\r\n");
      }
      client.send("0\r\n\r\n");
      assertThat(client.read().text()).isEqualTo(Digest.sha256(content).toString());
    }
  }

  @Test
  void clientIsStoppedWhenTheHandlerDoesNotRead() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    server = TestServer.of(exchange -> {
      exchange.body().next();
      go.await();
      answerDigest(exchange);
    });
    int size = 64 << 20;
    AtomicLong sent = new AtomicLong();
    try (RawClient client = server.connect()) {
      client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n");
      CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> sendZeros(client, size, sent));
      awaitStandstill(sent);
      assertThat(sent.get()).as("what the two sockets and a little memory hold").isLessThan(size / 2);
      go.countDown();
      sender.get(20, TimeUnit.SECONDS);
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  private static void sendZeros(RawClient client, int size, AtomicLong sent) {
    byte[] piece = new byte[64 << 10];
    try {
      while (sent.get() < size) {
        client.send(piece);
        sent.addAndGet(piece.length);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Nothing tells when a socket has become full, but that it stays so. */
  private static void awaitStandstill(AtomicLong counter) throws InterruptedException {
    long before = -1;
    while (counter.get() != before) {
      before = counter.get();
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  @Test
  void clientThatVanishesFailsTheReader() throws Exception {
    CompletableFuture<Throwable> seen = new CompletableFuture<>();
    server = TestServer.of(exchange -> {
      try {
        answerDigest(exchange);
      } catch (IOException e) {
        seen.complete(e);
        throw e;
      }
    });
    try (RawClient client = server.connect()) {
      client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n12345");
    }
    assertThat(seen.get(20, TimeUnit.SECONDS)).isInstanceOf(ClientGone.class);
    assertThat(server.nextAnswer().status()).isZero();
  }

  @Test
  void clientThatSendsNoMoreIsGivenUp() throws Exception {
    HttpLimits d = TestServer.LIMITS;
    server = TestServer.of(RequestBodyTest::answerDigest, new HttpLimits(d.requestLineBytes(), d.headerBytes(),
        d.headerTimeout(), d.idleTimeout(), Duration.ofMillis(100), d.writeTimeout(), d.discardedBytes(),
        d.drainTimeout(), d.manifestBytes(), d.connectionsPerAddress()));
    try (RawClient client = server.connect()) {
      client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n12345");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void clientIsToldToContinueWhenTheHandlerFirstReads() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    server = TestServer.of(exchange -> {
      go.await();
      answerDigest(exchange);
    });
    try (RawClient client = server.connect()) {
      client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      go.countDown();
      assertThat(client.readHead().status()).isEqualTo(100);
      client.send("abc");
      assertThat(client.read().text()).isEqualTo(Digest.sha256("abc".getBytes(UTF_8)).toString());
      assertThat(client.ask("HEAD", "/").status()).isEqualTo(200);
    }
  }

  @Test
  void clientThatWaitsForAWordIsRefusedWithoutOne() throws Exception {
    server = TestServer.of(exchange -> exchange.respond(405, Headers.NONE));
    try (RawClient client = server.connect()) {
      client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      RawClient.Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(405);
      assertThat(reply.header("Connection")).contains("close");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void smallBodyThatNobodyReadIsPassedOver() throws Exception {
    server = TestServer.of(exchange -> exchange.respond(405, Headers.NONE, exchange.path().getBytes(UTF_8)));
    try (RawClient client = server.connect()) {
      client.send("PUT /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
      client.send(new byte[500_000]);
      assertThat(client.read().text()).isEqualTo("/1");
      client.send(new byte[500_000]);
      assertThat(client.ask("PUT", "/2", "Content-Length: 0").text()).isEqualTo("/2");
    }
  }

  @Test
  void answerReachesAClientThatSendsALargeBodyForNothing() throws Exception {
    server = TestServer.of(exchange -> exchange.respond(405, Headers.NONE));
    int size = 7 << 20;
    try (RawClient client = server.connect()) {
      client.send("PUT /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n");
      client.send(new byte[size]);
      RawClient.Reply reply = client.read();
      assertThat(reply.status()).isEqualTo(405);
      assertThat(reply.header("Connection")).contains("close");
    }
  }

  @Test
  void bodyThatIsNotCorrectlyChunkedIsRefused() throws Exception {
    server = TestServer.of(RequestBodyTest::answerDigest);
    try (RawClient client = server.connect()) {
      client.send("PATCH /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\nabc");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void wholeBodyIsReadUpToALimit() throws Exception {
    server = TestServer.of(exchange -> {
      Optional<byte[]> all = exchange.body().readAll(5);
      exchange.respond(all.isPresent() ? 200 : 413, Headers.NONE, all.orElse(new byte[0]));
    });
    try (RawClient client = server.connect()) {
      assertThat(client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabcde").read().body())
          .isEqualTo("abcde".getBytes(ISO_8859_1));
      assertThat(client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabcdef").read().status())
          .isEqualTo(413);
      assertThat(client.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n")
          .read().status()).isEqualTo(413);
    }
  }
}
