package dev.weir.server.upstream;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.upstream.UpstreamException.Kind;

import static org.assertj.core.api.Assertions.assertThat;

class TokensTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final TokenRequest PULL = new TokenRequest(URI.create("https://a.test/token"), Optional.of("s"),
      List.of("repository:a:pull"), Optional.empty());

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final AtomicInteger fetched = new AtomicInteger();

  @ParameterizedTest
  @CsvSource({"300,240", "3600,3540", "120,60", "60,30", "10,5", "999999999999999999,86340"})
  void tokenIsRenewedAMinuteBeforeItsEndOrAtHalfItsLife(String expiresIn, long seconds) {
    assertThat(parse("{\"token\":\"t\",\"expires_in\":" + expiresIn + "}").refreshFrom())
        .isEqualTo(NOW.plusSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"token\":\"t\"}", "{\"access_token\":\"t\"}", "{\"token\":\"\",\"access_token\":\"t\"}",
      "{\"token\":\"t\",\"expires_in\":-1}", "{\"token\":\"t\",\"expires_in\":1e300}",
      "{\"token\":\"t\",\"expires_in\":[]}",
      "{\"token\":\"t\",\"expires_in\":\"soon\",\"issued_at\":\"1970-01-01T00:00:00Z\"}"})
  void tokenWithoutAStatedLifeIsTakenToLiveAMinute(String answer) {
    assertThat(parse(answer)).isEqualTo(new Token("t", NOW.plusSeconds(30)));
  }

  @Test
  void lifeOfASpeakingTokenIsReadFromItByItsOwnClock() {
    assertThat(parse("{\"token\":\"" + jwt("{\"iat\":1000,\"exp\":4600}") + "\"}").refreshFrom())
        .isEqualTo(NOW.plusSeconds(3540));
    long end = NOW.getEpochSecond() + 600;
    assertThat(parse("{\"token\":\"" + jwt("{\"exp\":" + end + "}") + "\"}").refreshFrom())
        .isEqualTo(NOW.plusSeconds(540));
    assertThat(parse("{\"token\":\"" + jwt("{\"exp\":5}") + "\"}").refreshFrom()).isEqualTo(NOW.plusSeconds(30));
    assertThat(parse("{\"token\":\"a.!.c\"}").refreshFrom()).isEqualTo(NOW.plusSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "null", "{}", "{\"token\":7}", "{\"token\":\"a\\r\\nX-Evil: 1\"}",
      "{\"token\":\"naïve\"}", "{\"token\":{\"token\":\"t\"}}"})
  void answerWithoutATokenThatCouldBeSentIsNone(String answer) {
    assertThat(TokenAnswer.parse(answer.getBytes(StandardCharsets.UTF_8), NOW)).isEmpty();
  }

  @Test
  void deepAndHugeAnswersAreNone() {
    assertThat(TokenAnswer.parse("[".repeat(500_000).getBytes(StandardCharsets.UTF_8), NOW)).isEmpty();
    assertThat(TokenAnswer.parse(("{\"token\":\"" + "a".repeat(70_000) + "\"}").getBytes(StandardCharsets.UTF_8), NOW))
        .isEmpty();
  }

  @Test
  void tokenIsKeptUntilItIsTimeForAnother() throws IOException {
    Tokens tokens = new Tokens(request -> numbered(Duration.ofMinutes(5)), now::get);
    assertThat(tokens.get(PULL)).isEqualTo(new Tokens.Held(new Token("1", NOW.plusSeconds(240)), true));
    now.set(NOW.plusSeconds(239));
    assertThat(tokens.get(PULL)).isEqualTo(new Tokens.Held(new Token("1", NOW.plusSeconds(240)), false));
    now.set(NOW.plusSeconds(240));
    assertThat(tokens.get(PULL).token().value()).isEqualTo("2");
  }

  @Test
  void hundredCallersMakeOneRequest() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Tokens tokens = new Tokens(request -> {
      awaitQuietly(release);
      return numbered(Duration.ofMinutes(5));
    }, now::get);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Tokens.Held>> callers = IntStream.range(0, 100).mapToObj(i -> threads.submit(() -> tokens.get(PULL)))
          .toList();
      release.countDown();
      for (Future<Tokens.Held> caller : callers) {
        assertThat(caller.get().token().value()).isEqualTo("1");
      }
    }
    assertThat(fetched).hasValue(1);
  }

  @Test
  void rejectedTokenIsReplacedOnceHoweverManyNoticed() throws IOException {
    Tokens tokens = new Tokens(request -> numbered(Duration.ofMinutes(5)), now::get);
    Token first = tokens.get(PULL).token();
    assertThat(tokens.replace(PULL, first).token().value()).isEqualTo("2");
    assertThat(tokens.replace(PULL, first).token().value()).isEqualTo("2");
  }

  @Test
  void failureIsNotRemembered() throws IOException {
    Tokens tokens = new Tokens(request -> {
      if (fetched.getAndIncrement() == 0) {
        throw UpstreamException.failed("get a token", "no");
      }
      return new Token("t", NOW.plusSeconds(9));
    }, now::get);
    assertThat(BadAnswersTest.failure(() -> tokens.get(PULL)).kind()).isEqualTo(Kind.FAILED);
    assertThat(tokens.get(PULL).token().value()).isEqualTo("t");
  }

  @Test
  void addressKeepsTheRealmsQueryAndNamesEveryScope() {
    TokenRequest request = new TokenRequest(URI.create("https://a.test?x=%2F"), Optional.of("a b"),
        List.of("repository:a/b:pull", "repository:c:pull"), Optional.empty());
    assertThat(request.address()).hasToString(
        "https://a.test/?x=%2F&service=a+b&scope=repository%3Aa%2Fb%3Apull&scope=repository%3Ac%3Apull");
  }

  private Token numbered(Duration life) {
    return Token.living(Integer.toString(fetched.incrementAndGet()), now.get(), life);
  }

  private static Token parse(String answer) {
    return TokenAnswer.parse(answer.getBytes(StandardCharsets.UTF_8), NOW).orElseThrow();
  }

  private static String jwt(String claims) {
    return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".s";
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
