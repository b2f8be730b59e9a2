package dev.weir.server.http;

import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.auth.AccessRule;
import dev.weir.auth.AccessRules;
import dev.weir.auth.Action;
import dev.weir.auth.Passwords.Kind;
import dev.weir.auth.Passwords.Verdict;
import dev.weir.auth.RepositoryPattern;
import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Tag;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What the door answers, to the letter. */
class DoorTest {
  private static final AccessRules NO_RULES = new AccessRules(List.of(), true);
  private static final String ALICE = basic("alice:secret");
  private static final String NOBODY = "Authorization: Basic Og==";

  private final FakeRegistry registry = new FakeRegistry();

  /** alice's password is secret, ünal's größe; mallory has tried too often. */
  private static Verdict check(String user, byte[] secret, String address) {
    String password = new String(secret, UTF_8);
    boolean right = (user.equals("alice") && password.equals("secret"))
        || (user.equals("ünal") && password.equals("größe:1"));
    return user.equals("mallory")
        ? new Verdict(Kind.LATER, Duration.ofMillis(2400))
        : new Verdict(right ? Kind.RIGHT : Kind.WRONG, Duration.ZERO);
  }

  private static String basic(String pair) {
    return basic(pair, UTF_8);
  }

  private static String basic(String pair, Charset charset) {
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(charset));
  }

  private static AccessRules rule(String user, String repositories, Action... actions) {
    return new AccessRules(List.of(
        new AccessRule(Set.of(user), List.of(RepositoryPattern.parse(repositories)), Set.of(actions))), true);
  }

  private TestServer server(AccessRules rules) throws IOException {
    return server("Registry Realm", rules);
  }

  private TestServer server(String realm, AccessRules rules) throws IOException {
    return TestServer.of(TestServer.registry(registry, Door.withPasswords(realm, DoorTest::check), rules));
  }

  private static void assertUnauthorized(Reply reply) {
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.headers("WWW-Authenticate")).containsExactly("Basic realm=\"Registry Realm\"");
    assertThat(reply.headers("Docker-Distribution-API-Version")).containsExactly("registry/2.0");
    assertThat(reply.header("Content-Type")).contains("application/json");
    assertThat(reply.text()).startsWith(
        "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required");
  }

  @ParameterizedTest
  @CsvSource({"GET,/v2/", "GET,/v2", "GET,/v2/team/app/manifests/v1", "GET,/v2/team/app/tags/list", "GET,/v2/_catalog",
      "POST,/v2/team/app/blobs/uploads/", "DELETE,/v2/team/app/manifests/v1", "PUT,/v2/team/app/manifests/v1",
      "GET,/v2/no-such-path", "PATCH,/v2/", "GET,/quay.io/v2/team/app/manifests/v1", "GET,/other.io/v2/a/manifests/v1",
      "GET,/no-such-page", "GET,/v2/team/app/manifests/v1?ns=other.io"})
  void withoutCredentialsNothingIsAnswered(String method, String path) throws IOException {
    try (TestServer server = server(NO_RULES); RawClient client = server.connect()) {
      assertUnauthorized(client.ask(method, path, "Content-Length: 0"));
      assertThat(registry.asked).isEmpty();
    }
  }

  @Test
  void aHeadWithoutCredentialsHasTheChallengeAndNoBody() throws IOException {
    try (TestServer server = server(NO_RULES); RawClient client = server.connect()) {
      Reply head = client.ask("HEAD", "/v2/team/app/manifests/v1");
      assertThat(head.status()).isEqualTo(401);
      assertThat(head.headers("WWW-Authenticate")).containsExactly("Basic realm=\"Registry Realm\"");
      assertThat(client.get("/v2/", ALICE).status()).isEqualTo(200);
    }
  }

  @Test
  void rightCredentialsGetTheAnswer() throws Exception {
    registry.tags.add(new Tag("v1"));
    try (TestServer server = server(NO_RULES); RawClient client = server.connect()) {
      Reply ping = client.get("/v2/", ALICE);
      assertThat(ping.status()).isEqualTo(200);
      assertThat(ping.text()).isEqualTo("{}");
      assertThat(ping.header("WWW-Authenticate")).isEmpty();
      assertThat(server.nextAnswer().user()).isEqualTo("alice");
      assertThat(client.get("/v2/team/app/tags/list", ALICE).text()).contains("v1");
      assertThat(client.get("/v2/", ALICE.replace("Basic", "bAsIC")).status()).isEqualTo(200);
      assertThat(client.get("/v2/", basic("ünal:größe:1")).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic", "Basic ", "Basic !!!", "Basic Zm9v", "Basic OnNlY3JldA==", "Bearer abc",
      "Digest x=y",
      "Basic YWxpY2U6c2VjcmV0, Basic YWxpY2U6c2VjcmV0", "Basic YWxpY2U6", "Basic YWxpY2U6c2VjcmV0MQ==",
      "Basic Ym9iOnNlY3JldA==", "Basic /////w==", "Basic /zo=", "Basic A"})
  void whateverElseComesAsCredentialsIsWrong(String value) throws IOException {
    try (TestServer server = server(rule("anonymous", "**", Action.PULL)); RawClient client = server.connect()) {
      assertUnauthorized(client.get("/v2/", "Authorization: " + value));
      assertUnauthorized(client.get("/v2/team/app/manifests/v1", "Authorization: " + value));
      assertThat(client.get("/metrics", "Authorization: " + value).status()).isEqualTo(401);
    }
  }

  @Test
  void credentialsInLatin1AreNotThoseInUtf8() throws IOException {
    try (TestServer server = server(NO_RULES); RawClient client = server.connect()) {
      assertUnauthorized(client.get("/v2/", basic("ünal:größe:1", ISO_8859_1)));
    }
  }

  @Test
  void anEmptyUserAndPasswordIsNobodyAndNotAFailedLogin() throws IOException {
    try (TestServer server = server(NO_RULES); RawClient client = server.connect()) {
      assertUnauthorized(client.get("/v2/", NOBODY));
    }
    registry.tags.add(new Tag("v1"));
    try (TestServer server = server(rule("anonymous", "team/*", Action.PULL)); RawClient client = server.connect()) {
      assertThat(client.get("/v2/", NOBODY).status()).isEqualTo(200);
      assertThat(client.get("/v2/team/app/tags/list", NOBODY).status()).isEqualTo(200);
      assertThat(client.get("/v2/team/app/tags/list").status()).isEqualTo(200);
      assertUnauthorized(client.get("/v2/other/app/tags/list", NOBODY));
      assertUnauthorized(client.ask("POST", "/v2/team/app/blobs/uploads/", "Content-Length: 0"));
    }
  }

  /** A 200 would keep clients from ever sending the credentials that they need for a push. */
  @Test
  void aPingWithoutAnyCredentialsIsAskedForThemEvenWhereSomethingIsForEverybody() throws IOException {
    try (TestServer server = server(rule("anonymous", "**", Action.PULL)); RawClient client = server.connect()) {
      assertUnauthorized(client.get("/v2/"));
    }
  }

  @Test
  void aUserWithoutARuleIsDeniedWithASentence() throws IOException {
    try (TestServer server = server(rule("bob", "**", Action.PULL)); RawClient client = server.connect()) {
      assertThat(client.get("/v2/", ALICE).status()).isEqualTo(200);
      Reply denied = client.get("/v2/team/app/manifests/v1", ALICE);
      assertThat(denied.status()).isEqualTo(403);
      assertThat(denied.text()).contains("\"DENIED\"", "alice may not pull from team/app: no rule allows it");
      assertThat(denied.header("WWW-Authenticate")).isEmpty();
      assertThat(client.get("/v2/_catalog", ALICE).text()).isEqualTo("{\"repositories\":[]}");
      assertThat(registry.asked).isEmpty();
    }
  }

  @Test
  void theNameInTheRuleIsTheOneThatTheAddressMeans() throws IOException {
    registry.tags.add(new Tag("v1"));
    try (TestServer server = server(rule("alice", "team/app", Action.PULL)); RawClient client = server.connect()) {
      assertThat(client.get("/v2/team/app/tags/list", ALICE).status()).isEqualTo(200);
      assertThat(client.get("/v2/team%2Fapp/tags/list", ALICE).status()).isEqualTo(200);
      assertThat(client.get("/v2/team/app/../app/tags/list", ALICE).status()).isEqualTo(400);
      assertThat(client.get("/v2/team/app2/tags/list", ALICE).status()).isEqualTo(403);
    }
  }

  @Test
  void aGuessTooManyIsToldWhenToComeBackAndNothingElse() throws IOException {
    try (TestServer server = server(NO_RULES); RawClient client = server.connect()) {
      Reply reply = client.get("/v2/", basic("mallory:guess"));
      assertThat(reply.status()).isEqualTo(429);
      assertThat(reply.headers("Retry-After")).containsExactly("3");
      assertThat(reply.body()).isEmpty();
    }
  }

  @Test
  void aRealmIsQuoted() throws IOException {
    try (TestServer server = server("the \"b\\ck\" döör", NO_RULES); RawClient client = server.connect()) {
      String challenge = client.get("/v2/").header("WWW-Authenticate").orElseThrow();
      assertThat(new String(challenge.getBytes(ISO_8859_1), UTF_8)).isEqualTo(
          "Basic realm=\"the \\\"b\\\\ck\\\" döör\"");
    }
  }

  @Test
  void probesNeedNoCredentialsAndMetricsNeedAnAdministrator() throws IOException {
    try (TestServer server = server(rule("alice", "**", Action.ADMIN)); RawClient client = server.connect()) {
      for (String open : List.of("/", "/healthz", "/readyz")) {
        assertThat(client.get(open).status()).as(open).isEqualTo(200);
        assertThat(client.get(open, basic("alice:wrong")).status()).as(open).isEqualTo(200);
      }
      assertThat(client.get("/metrics").status()).isEqualTo(401);
      assertThat(client.get("/metrics", NOBODY).status()).isEqualTo(401);
      assertThat(client.get("/metrics", basic("ünal:größe:1")).status()).isEqualTo(403);
      assertThat(client.get("/metrics", ALICE).text()).isEqualTo("a_metric 1\n");
      assertThat(client.ask("POST", "/metrics", ALICE, "Content-Length: 0").status()).isEqualTo(405);
    }
  }

  @Test
  void anOpenDoorAsksNobodyAndShowsNoMetrics() throws IOException {
    registry.tags.add(new Tag("v1"));
    try (TestServer server = TestServer.of(TestServer.registry(registry)); RawClient client = server.connect()) {
      assertThat(client.get("/v2/").status()).isEqualTo(200);
      assertThat(client.get("/v2/", "Authorization: Bearer old").status()).isEqualTo(200);
      assertThat(client.get("/v2/team/app/tags/list", basic("any:thing")).status()).isEqualTo(200);
      Reply metrics = client.get("/metrics", basic("any:thing"));
      assertThat(metrics.status()).isEqualTo(403);
      assertThat(metrics.header("WWW-Authenticate")).isEmpty();
    }
  }

  @Test
  void anOpenDoorWithRulesDeniesWhatNoCredentialsCouldChange() throws IOException {
    AccessRules rules = new AccessRules(rule("anonymous", "public/**", Action.PULL).rules(), false);
    try (TestServer server = TestServer.of(TestServer.registry(registry, Door.open(), rules));
        RawClient client = server.connect()) {
      assertThat(client.get("/v2/").status()).isEqualTo(200);
      Reply denied = client.get("/v2/team/app/tags/list", ALICE);
      assertThat(denied.status()).isEqualTo(403);
      assertThat(denied.text()).contains("a client without credentials may not pull from team/app");
    }
  }

  @Test
  void nothingThatAClientSendsAsCredentialsComesBack() throws Exception {
    try (TestServer server = server(rule("bob", "**", Action.PULL)); RawClient client = server.connect()) {
      for (String credentials : List.of(basic("hunter2:hunter2"), "Authorization: Bearer hunter2", ALICE)) {
        Reply reply = client.get("/v2/team/app/tags/list", credentials);
        assertThat(reply.lines().toString() + reply.text()).doesNotContain("hunter2", "secret");
        Answer answer = server.answers.poll(20, TimeUnit.SECONDS);
        assertThat(String.valueOf(answer)).doesNotContain("hunter2", "secret");
      }
    }
  }
}
