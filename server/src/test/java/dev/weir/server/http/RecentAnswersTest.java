package dev.weir.server.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.http.RawClient.Reply;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Whether the handler is asked again, and that nobody could tell from the answer. */
class RecentAnswersTest {
  private static final String FIRST = "Authorization: Basic YTpi";

  private static final int WIDE = 200_000;
  /** Together far more than the sockets' buffers hold. */
  private static final int MANY = 300;

  private final CountDownLatch wideTwice = new CountDownLatch(2);
  private final AtomicInteger handled = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private final AtomicLong version = new AtomicLong();
  private final AtomicLong nanoTime = new AtomicLong();
  @SuppressWarnings("NullAway.Init") // set before each test
  private TestServer server;
  @SuppressWarnings("NullAway.Init") // set before each test
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    RecentAnswers recent = new RecentAnswers(Duration.ofMinutes(1), version::get, nanoTime::get);
    server = TestServer.of(this::handle, recent);
    client = server.connect();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  /** Says what was asked of it; the path says what kind of answer it is. */
  private void handle(Exchange exchange) throws IOException {
    handled.incrementAndGet();
    exchange.always("X-Api", "one");
    if (!exchange.path().startsWith("/once")) {
      exchange.allowRepeating(repeated::incrementAndGet);
    }
    Headers type = Headers.of("Content-Type", "text/plain").and("ETag", "\"it\"");
    switch (exchange.path()) {
      case "/known" -> exchange.respondWithoutBody(304, type);
      case "/large" -> exchange.respond(200, type, new byte[RecentAnswers.LONGEST_ANSWER]);
      case "/late" -> {
        nanoTime.addAndGet(Duration.ofMillis(400).toNanos());
        exchange.respond(200, type);
      }
      case "/moving" -> {
        version.incrementAndGet();
        exchange.respond(200, type);
      }
      case "/wide" -> {
        wideTwice.countDown();
        exchange.respond(200, type, new byte[WIDE]);
      }
      case "/broken" -> throw new IOException("broken");
      default -> exchange.respond(200, type,
          (exchange.method() + " " + exchange.path() + exchange.header("Authorization")).getBytes(UTF_8));
    }
  }

  /** Asks, and returns when the answer is known to whoever asks next. */
  private Reply workOut(String path, String... headers) throws Exception {
    Reply reply = client.get(path, headers);
    server.nextAnswer();
    return reply;
  }

  private static String withoutDate(Reply reply) {
    return String.join("\n", reply.lines().stream().filter(line -> !line.startsWith("date:")).sorted().toList()) + "\n"
        + new String(reply.body(), ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({"GET, /a", "GET, /a?ns=quay.io", "HEAD, /a", "GET, /known", "HEAD, /known"})
  void sameRequestGetsTheSameAnswerWithoutAnybodyBeingAsked(String method, String path) throws Exception {
    Reply worked = client.ask(method, path, FIRST);
    server.nextAnswer();
    try (RawClient other = server.connect()) {
      Reply again = other.ask(method, path, FIRST, "User-Agent: another/1.0", "X-Forwarded-For: 10.0.0.7");
      assertThat(withoutDate(again)).isEqualTo(withoutDate(worked)).contains("X-Api: one");
      assertThat(again.headers("date")).hasSize(1).allMatch(date -> date.endsWith(" GMT"));
    }
    assertThat(handled).hasValue(1);
    assertThat(repeated).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD /a|" + FIRST, "GET /a|Authorization: Basic YTpj", "GET /a|",
      "GET /a?ns=quay.io|" + FIRST,
      "GET /b|" + FIRST, "GET /a|" + FIRST + "|Accept: text/plain", "GET /a|" + FIRST + "|" + FIRST,
      "GET /a|" + FIRST + "|Connection: close"})
  void otherRequestIsWorkedOut(String other) throws Exception {
    workOut("/a", FIRST);

    List<String> words = List.of(other.split("[ |]", 3));
    String[] headers = words.get(2).isEmpty() ? new String[0] : words.get(2).split("\\|");
    assertThat(client.ask(words.get(0), words.get(1), headers).status()).isEqualTo(200);
    assertThat(handled).hasValue(2);
    assertThat(repeated).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/once", "/large", "/broken"})
  void answerThatMayNotBeGivenAgainIsNot(String path) throws Exception {
    int status = workOut(path).status();
    assertThat(client.get(path).status()).isEqualTo(status);
    assertThat(handled).hasValue(2);
  }

  @Test
  void requestWithBodyIsWorkedOut() throws Exception {
    for (int i = 0; i < 2; i++) {
      client.send("GET /a HTTP/1.1\r\nHost: weir\r\nContent-Length: 2\r\n\r\nxx");
      assertThat(client.read().status()).isEqualTo(200);
    }
    assertThat(handled).hasValue(2);
  }

  @Test
  void changeIsSeenAtOnce() throws Exception {
    workOut("/a");
    version.incrementAndGet();
    workOut("/a");
    assertThat(handled).hasValue(2);
    client.get("/a");
    assertThat(handled).hasValue(2);
  }

  @Test
  void changeWhileTheAnswerIsWorkedOutIsSeenByTheNext() throws Exception {
    workOut("/moving");
    workOut("/moving");
    assertThat(handled).hasValue(2);
  }

  @Test
  void momentIsHalfASecond() throws Exception {
    workOut("/a");
    nanoTime.addAndGet(Duration.ofMillis(499).toNanos());
    client.get("/a");
    assertThat(handled).hasValue(1);
    nanoTime.addAndGet(Duration.ofMillis(2).toNanos());
    client.get("/a");
    assertThat(handled).hasValue(2);
  }

  @Test
  void momentBeginsWithTheLookAndNotWithTheAnswer() throws Exception {
    workOut("/late");
    nanoTime.addAndGet(Duration.ofMillis(99).toNanos());
    workOut("/late");
    assertThat(handled).hasValue(1);
    nanoTime.addAndGet(Duration.ofMillis(2).toNanos());
    workOut("/late");
    assertThat(handled).hasValue(2);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderWhicheverWay() throws Exception {
    workOut("/a");
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      all.append("GET /").append(i % 4 == 0 ? "once" + i : "a").append(" HTTP/1.1\r\nHost: weir\r\n\r\n");
    }
    client.send(all.toString());
    for (int i = 0; i < 40; i++) {
      assertThat(client.read().text()).startsWith("GET /" + (i % 4 == 0 ? "once" + i : "a"));
    }
    assertThat(handled).hasValue(11);
    assertThat(client.get("/a").status()).isEqualTo(200);
  }

  @Test
  void answerThatIsGivenAgainIsCountedLikeAnyOther() throws Exception {
    client.get("/a?x=1", FIRST);
    Answer worked = server.nextAnswer();
    client.get("/a?x=1", FIRST);
    Answer again = server.nextAnswer();
    assertThat(again).usingRecursiveComparison().ignoringFields("took", "requestId").isEqualTo(worked);
    assertThat(again.requestId()).isNotEqualTo(worked.requestId());
  }

  @Test
  void clientThatTakesNothingIsNotAnsweredWithoutEnd() throws Exception {
    workOut("/wide");
    client.send("GET /wide HTTP/1.1\r\nHost: weir\r\n\r\n".repeat(MANY));
    assertThat(wideTwice.await(20, TimeUnit.SECONDS)).as("one had to wait").isTrue();
    assertThat(repeated).hasValueLessThan(MANY - 1);
    for (int i = 0; i < MANY; i++) {
      assertThat(client.read().body()).hasSize(WIDE);
    }
  }
}
