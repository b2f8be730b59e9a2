package dev.weir.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.http.HttpServer.Entrance;
import dev.weir.server.http.RawClient.Reply;
import dev.weir.server.net.Network;

import static org.assertj.core.api.Assertions.assertThat;

/** How much at once: requests, and connections of one address. */
class LimitsTest {
  private static final RequestHandler OK = exchange -> exchange.respond(200, Headers.NONE);

  private final CountDownLatch go = new CountDownLatch(1);
  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void close() throws Exception {
    go.countDown();
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private TestServer serving(TestServer server) {
    open.add(server);
    return server;
  }

  private RawClient connected(TestServer server) throws IOException {
    RawClient client = server.connect();
    open.add(client);
    return client;
  }

  /** Two requests at once, of which those for /v2/slow wait. */
  private TestServer ofTwo(CountDownLatch waiting) throws IOException {
    RequestHandler handler = exchange -> {
      if (exchange.path().equals("/v2/slow")) {
        waiting.countDown();
        assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
      }
      exchange.respond(200, Headers.NONE);
    };
    return serving(TestServer.of(
        new FrontDoor(RequestLimit.of(2, handler, nanos::get), OK, Optional::empty, Map.of("X-Of", List.of("weir")))));
  }

  private TestServer full() throws Exception {
    CountDownLatch waiting = new CountDownLatch(2);
    TestServer server = ofTwo(waiting);
    for (int i = 0; i < 2; i++) {
      connected(server).send("GET /v2/slow HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
    return server;
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE"})
  void oneRequestTooManyMayComeBackSoon(String method) throws Exception {
    RawClient late = connected(full());
    Reply reply = late.ask(method, "/v2/a/manifests/b");
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.header("Retry-After")).contains("1");
    assertThat(reply.header("Content-Length")).as("oc tries again only without a body").contains("0");
    assertThat(reply.header("Docker-Distribution-API-Version")).contains("registry/2.0");
    assertThat(reply.header("X-Of")).as("http.headers").contains("weir");
    assertThat(late.get("/healthz").status()).as("on the same connection").isEqualTo(200);
    assertThat(late.get("/readyz").status()).isEqualTo(200);
  }

  @Test
  void aPushOneTooManyIsAnsweredThoughItSendsABody() throws Exception {
    RawClient late = connected(full());
    late.send("PUT /v2/a/manifests/b HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n").send(new byte[300_000]);
    assertThat(late.read().status()).isEqualTo(429);
    assertThat(late.get("/healthz").status()).isEqualTo(200);
  }

  @Test
  void whoWaitsLongKeepsNobodyOut() throws Exception {
    RawClient late = connected(full());
    assertThat(late.get("/v2/").status()).isEqualTo(429);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(late.get("/v2/").status()).isEqualTo(200);
  }

  @Test
  void aRequestThatIsOverMakesRoom() throws Exception {
    TestServer server = ofTwo(new CountDownLatch(1));
    RawClient client = connected(server);
    for (int i = 0; i < 10; i++) {
      assertThat(client.get("/v2/").status()).isEqualTo(200);
    }
  }

  private TestServer twoConnections(String... proxies) throws IOException {
    HttpLimits d = TestServer.LIMITS;
    return serving(TestServer.at(InetAddress.getLoopbackAddress(), entrance(proxies), exchange -> exchange.respond(200,
        Headers.of("X-Remote", exchange.remote())),
        d.with(d.headerBytes(), d.idleTimeout(), d.manifestBytes(), 2)));
  }

  private static Entrance entrance(String... proxies) {
    return new Entrance(Optional.empty(),
        new TrustedProxies(List.of(proxies).stream().map(Network::parse).toList()));
  }

  @Test
  void oneConnectionTooManyIsClosedAndOneThatEndsMakesRoom() throws Exception {
    TestServer server = twoConnections();
    RawClient first = connected(server);
    assertThat(first.get("/a").status()).isEqualTo(200);
    assertThat(connected(server).get("/a").status()).isEqualTo(200);
    assertThat(connected(server).readToEnd()).isEmpty();
    assertThat(first.get("/b").status()).isEqualTo(200);
    first.send("GET /c HTTP/1.1\r\nConnection: close\r\n\r\n").readToEnd();
    assertThat(eventuallyServed(server)).isTrue();
  }

  /** The server hears of an end a little later than whoever made it. */
  private boolean eventuallyServed(TestServer server) throws IOException {
    for (int i = 0; i < 1000; i++) {
      try (RawClient next = server.connect()) {
        if (next.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").readSome().startsWith("HTTP/1.1 200")) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void aProxyMayHaveAnyNumberAndTheClientsThatItStatesMayNot() throws Exception {
    TestServer server = twoConnections("127.0.0.0/8");
    for (int i = 0; i < 5; i++) {
      assertThat(connected(server).get("/a").header("X-Remote")).contains("127.0.0.1");
    }
    for (int i = 0; i < 2; i++) {
      RawClient stated = connected(server).send("PROXY TCP4 192.0.2.9 192.0.2.1 4711 443\r\n");
      assertThat(stated.get("/a").header("X-Remote")).contains("192.0.2.9");
    }
    assertThat(connected(server).send("PROXY TCP4 192.0.2.9 192.0.2.1 4711 443\r\n").readToEnd()).isEmpty();
    RawClient other = connected(server).send("PROXY TCP4 192.0.2.8 192.0.2.1 4711 443\r\n");
    assertThat(other.get("/a").header("X-Remote")).contains("192.0.2.8");
  }
}
