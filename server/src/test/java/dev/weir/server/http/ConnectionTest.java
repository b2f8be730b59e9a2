package dev.weir.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.auth.Who;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConnectionTest {
  private static void answerPath(Exchange exchange) throws IOException {
    exchange.respond(200, Headers.NONE, exchange.path().getBytes(UTF_8));
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderAndOneAtATime() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    RequestHandler handler = exchange -> {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      byte[] body = exchange.body().readAll(100).orElseThrow();
      running.decrementAndGet();
      exchange.respond(200, Headers.NONE, (exchange.path() + new String(body, UTF_8)).getBytes(UTF_8));
    };
    try (TestServer server = TestServer.of(handler); RawClient client = server.connect()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        all.append("PUT /" + i + " HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n+" + (10 + i));
        all.append("HEAD /h HTTP/1.1\r\nHost: h\r\n\r\n");
      }
      client.send(all.toString());
      for (int i = 0; i < 50; i++) {
        assertThat(client.read().text()).isEqualTo("/" + i + "+" + (10 + i));
        assertThat(client.readHead().header("Content-Length")).contains("2");
      }
      assertThat(most).hasValue(1);
    }
  }

  @Test
  void floodOfPipelinedRequestsHoldsUpNobodyElse() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    RequestHandler handler = exchange -> {
      if (exchange.path().equals("/wait")) {
        go.await();
      }
      answerPath(exchange);
    };
    try (TestServer server = TestServer.of(handler); RawClient client = server.connect()) {
      String flood = "GET / HTTP/1.1\r\n\r\n".repeat(3600);
      client.send("GET /wait HTTP/1.1\r\n\r\n" + flood);
      try (RawClient other = server.connect()) {
        assertThat(other.get("/fine").text()).isEqualTo("/fine");
      }
      go.countDown();
      assertThat(client.read().text()).isEqualTo("/wait");
      for (int i = 0; i < 3600; i++) {
        assertThat(client.read().text()).isEqualTo("/");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {"HTTP/1.1,-,-,true", "HTTP/1.1,close,close,false", "HTTP/1.0,-,close,false",
      "HTTP/1.0,keep-alive,keep-alive,true"})
  void connectionIsKeptAsTheClientWishes(String version, String asked, String answered, boolean kept)
      throws IOException {
    try (TestServer server = TestServer.of(ConnectionTest::answerPath); RawClient client = server.connect()) {
      client.send("GET /a " + version + "\r\n" + (asked == null ? "" : "Connection: " + asked + "\r\n") + "\r\n");
      RawClient.Reply reply = client.read();
      assertThat(reply.text()).isEqualTo("/a");
      assertThat(reply.header("Connection").orElse(null)).isEqualTo(answered);
      if (kept) {
        assertThat(client.get("/b").text()).isEqualTo("/b");
      } else {
        assertThat(client.readToEnd()).isEmpty();
      }
    }
  }

  @Test
  void handlerThatGivesNoAnswerIsAServerError() throws Exception {
    try (TestServer server = TestServer.of(exchange -> exchange.always("X", "y"));
        RawClient client = server.connect()) {
      RawClient.Reply reply = client.get("/");
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.header("X")).as("is for errors too").contains("y");
      assertThat(client.get("/").status()).isEqualTo(500);
    }
  }

  @Test
  void endedRequestsAreToldOf() throws Exception {
    RequestHandler handler = exchange -> {
      exchange.identify(new Who.User("user1"));
      answerPath(exchange);
    };
    try (TestServer server = TestServer.of(handler); RawClient client = server.connect()) {
      client.get("/a%20b?c=d");
      Answer answer = server.nextAnswer();
      assertThat(List.of(answer.method(), answer.path(), answer.user(), answer.remote()))
          .isEqualTo(List.of("GET", "/a%20b", "user1", "127.0.0.1"));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.bytes()).isEqualTo(4);
      assertThat(answer.requestId()).hasSize(16);
    }
  }

  @Test
  void closingServerLetsARunningRequestEnd() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    RequestHandler handler = exchange -> {
      begun.countDown();
      go.await();
      answerPath(exchange);
    };
    HttpLimits limits = HttpLimits.DEFAULT.withDrainTimeout(Duration.ofSeconds(20));
    try (TestServer server = TestServer.of(handler, limits);
        RawClient idle = server.connect();
        RawClient busy = server.connect()) {
      busy.send("GET /a HTTP/1.1\r\n\r\n");
      begun.await();
      CompletableFuture<Void> closing = CompletableFuture.runAsync(server.server()::close);
      assertThat(idle.readToEnd()).isEmpty();
      assertThat(closing).isNotDone();
      go.countDown();
      RawClient.Reply reply = busy.read();
      assertThat(reply.text()).isEqualTo("/a");
      assertThat(reply.header("Connection")).contains("close");
      closing.get(20, TimeUnit.SECONDS);
      assertThatThrownBy(server::connect).isInstanceOf(IOException.class);
    }
  }

  @Test
  void closingServerCutsWhatDoesNotEnd() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    RequestHandler handler = exchange -> {
      begun.countDown();
      go.await();
      answerPath(exchange);
    };
    try (TestServer server = TestServer.of(handler); RawClient busy = server.connect()) {
      busy.send("GET /a HTTP/1.1\r\n\r\n");
      begun.await();
      server.server().close();
      assertThat(busy.readToEnd()).isEmpty();
      go.countDown();
    }
  }

  @Test
  void portThatIsTakenIsNamed() throws Exception {
    try (TestServer server = TestServer.of(ConnectionTest::answerPath); EventLoops loops = EventLoops.start(1)) {
      var taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.server().port());
      assertThatThrownBy(
          () -> HttpServer.start(loops, taken, ConnectionTest::answerPath, HttpLimits.DEFAULT, answer -> {
          })).isInstanceOf(IOException.class).hasMessageContaining("cannot listen on").hasMessageContaining(
              Integer.toString(taken.getPort()));
    }
  }

  @Test
  void debugPortHasMetricsAndHealth() throws Exception {
    try (TestServer server = TestServer.of(new DebugPort("/metrics", () -> "weir_up 1\n"));
        RawClient client = server.connect()) {
      assertThat(client.get("/metrics").text()).isEqualTo("weir_up 1\n");
      assertThat(client.get("/debug/health").status()).isEqualTo(200);
      assertThat(client.get("/v2/").status()).isEqualTo(404);
      assertThat(client.ask("POST", "/metrics", "Content-Length: 0").status()).isEqualTo(405);
    }
  }
}
