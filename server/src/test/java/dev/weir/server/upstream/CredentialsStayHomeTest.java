package dev.weir.server.upstream;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.Credentials;
import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who gets a secret, and who does not. Upstreams with names stand behind a proxy that takes every name to the same
 * server, so that what would go to whom is seen without any name being real.
 */
class CredentialsStayHomeTest {
  private static final RepositoryName APP = RepositoryName.parse("team/app");
  private static final Tag V1 = Tag.parse("v1");
  private static final String PASSWORD = "s3cret-word";
  private static final String BASIC = new Credentials("user", PASSWORD).basic();

  @TempDir static Path folder;
  private static TestTls tls;

  private final AtomicReference<MockServer.Handler> upstream = new AtomicReference<>();
  private final MockServer elsewhere = MockServer.http(request -> MockAnswer.json(200, "{\"schemaVersion\":2}"));
  private MockServer https;
  private MockServer http;
  private MockProxy toHttps;
  private MockProxy toHttp;

  @BeforeAll
  static void makeCertificate() throws IOException, GeneralSecurityException, InterruptedException {
    tls = TestTls.in(folder);
  }

  @BeforeEach
  void start() {
    https = MockServer.https(tls.server(), request -> upstream.get().answer(request));
    http = MockServer.http(request -> upstream.get().answer(request));
    toHttps = new MockProxy(https.port(), "");
    toHttp = new MockProxy(http.port(), "");
  }

  @AfterEach
  void stop() throws IOException {
    toHttps.close();
    toHttp.close();
    https.close();
    http.close();
    elsewhere.close();
  }

  @Test
  void httpsRealmOnTheSameDomainGetsThem() {
    challengeWith("Bearer realm=\"https://auth.registry.test/token\",service=\"s\"");
    assertThat(toHttps.log()).contains("CONNECT registry.test:443 HTTP/1.1");
    assertThat(shownTo(https, "/token")).containsExactly(BASIC);
  }

  @Test
  void realmOnAnotherDomainIsNotEvenAsked() {
    UpstreamException failure = challengeWith("Bearer realm=\"https://other.test/token\",service=\"s\"");
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure)
        .hasMessage("pull manifest v1 of team/app from registry.test: its token realm https://other.test is"
            + " not on its own domain and not listed in realms, so it does not get our credentials");
    assertThat(toHttps.log()).containsExactly("CONNECT registry.test:443 HTTP/1.1");
  }

  @Test
  void realmOnAnotherDomainGetsThemIfItIsListed() {
    upstream.set(challenger("Bearer realm=\"https://other.test/token\",service=\"s\""));
    pull(settings("https://registry.test").withRealms(Set.of("other.test")));
    assertThat(shownTo(https, "/token")).containsExactly(BASIC);
  }

  @Test
  void realmOnAnotherDomainIsAskedWithoutThemIfThereAreNone() {
    upstream.set(challenger("Bearer realm=\"https://other.test/token\",service=\"s\""));
    pull(settings("https://registry.test").withCredentials(CredentialsSource.NONE));
    assertThat(https.log()).contains("GET /token?service=s&scope=repository%3Ateam%2Fapp%3Apull");
    assertThat(shownTo(https, "/token")).isEmpty();
  }

  @Test
  void plainRealmOfAnHttpsUpstreamIsNotAsked() {
    assertThat(challengeWith("Bearer realm=\"http://registry.test/token\""))
        .hasMessageContaining("from https to plain http");
    assertThat(toHttp.log()).isEmpty();
  }

  @Test
  void plainRealmOfAPlainUpstreamGetsThemOnlyOnLoopback() {
    upstream.set(challenger("Bearer realm=\"http://registry.test/token\""));
    assertThat(pull(settings("http://registry.test"))).hasMessageContaining("does not get our credentials");
    assertThat(shownTo(http, "/token")).isEmpty();
    upstream.set(challenger("Bearer realm=\"" + http.uri() + "/token\""));
    pull(settings(http.uri().toString()));
    assertThat(shownTo(http, "/token")).containsExactly(BASIC);
  }

  @Test
  void internalRealmOfARealUpstreamIsNotAsked() {
    for (String realm : new String[]{"https://127.0.0.1:" + https.port(), "https://169.254.169.254", "https://[::1]",
        "https://localhost", "https://2130706433", "https://100.100.100.200", "https://[64:ff9b::7f00:1]"}) {
      assertThat(challengeWith("Bearer realm=\"" + realm + "/token\"")).hasMessageContaining("internal address");
    }
    assertThat(shownTo(https, "/token")).isEmpty();
  }

  @Test
  void redirectToAnotherHostDropsThemForGood() {
    upstream.set(request -> switch (request.path()) {
      case "/v2/team/app/manifests/v1" -> request.header("Authorization").isPresent()
          ? MockAnswer.redirect(307, "https://other.test/hop")
          : MockAnswer.html(401).with("WWW-Authenticate", "Basic realm=\"r\"");
      case "/hop" -> MockAnswer.redirect(307, "https://registry.test/back");
      default -> MockAnswer.json(200, "{\"schemaVersion\":2}");
    });
    pull(settings("https://registry.test"));
    assertThat(https.log()).endsWith("GET /hop", "GET /back");
    assertThat(shownTo(https, "/v2/team/app/manifests/v1")).containsExactly(BASIC);
    assertThat(shownTo(https, "/hop")).isEmpty();
    assertThat(shownTo(https, "/back")).isEmpty();
  }

  @Test
  void redirectOnTheSameHostKeepsThem() {
    upstream.set(request -> {
      if (request.header("Authorization").isEmpty()) {
        return MockAnswer.html(401).with("WWW-Authenticate", "Basic realm=\"r\"");
      }
      return request.path().equals("/there")
          ? MockAnswer.json(200, "{\"schemaVersion\":2}")
          : MockAnswer.redirect(302, "/there");
    });
    pull(settings("https://registry.test"));
    assertThat(shownTo(https, "/there")).containsExactly(BASIC);
  }

  @Test
  void redirectToPlainHttpIsNotFollowed() {
    upstream.set(request -> MockAnswer.redirect(302, "http://registry.test/plain?sig=abc"));
    UpstreamException failure = pull(settings("https://registry.test"));
    assertThat(failure.kind()).isEqualTo(Kind.FAILED);
    assertThat(failure).hasMessageContaining("from https to plain http at registry.test")
        .hasMessageNotContaining("sig");
    assertThat(toHttp.log()).isEmpty();
  }

  @Test
  void redirectOfARealUpstreamToAnInternalAddressIsNotFollowed() {
    upstream.set(request -> MockAnswer.redirect(302, elsewhere.uri() + "/latest/meta-data"));
    assertThat(pull(settings("http://registry.test"))).hasMessageContaining("an internal address");
    assertThat(elsewhere.log()).isEmpty();
  }

  @Test
  void redirectsEndAfterFive() {
    upstream.set(request -> MockAnswer.redirect(302, request.path() + "/x"));
    assertThat(pull(settings("https://registry.test"))).hasMessageContaining("more than 5 redirects");
    assertThat(https.log()).hasSize(6);
  }

  @Test
  void redirectsToNonsenseAreNotFollowed() {
    for (String location : new String[]{"", "file:///etc/passwd", "https://user:pw@registry.test/", "https://",
        "http://[",
        "ftp://registry.test/", "https://under_score.test/"}) {
      upstream.set(request -> MockAnswer.redirect(302, location));
      assertThat(pull(settings("https://registry.test")).kind()).isEqualTo(Kind.FAILED);
    }
    assertThat(https.log()).hasSize(7);
  }

  @Test
  void redirectOfATokenRealmIsNotFollowed() {
    upstream.set(request -> request.path().equals("/token")
        ? MockAnswer.redirect(302, "https://other.test/token")
        : MockAnswer.html(401).with("WWW-Authenticate", "Bearer realm=\"https://registry.test/token\""));
    assertThat(pull(settings("https://registry.test")).kind()).isEqualTo(Kind.FAILED);
    assertThat(toHttps.log()).doesNotContain("CONNECT other.test:443 HTTP/1.1");
  }

  @Test
  void challengeOfSomebodyElseIsNotAnswered() {
    upstream.set(request -> request.path().equals("/hop")
        ? MockAnswer.html(401).with("WWW-Authenticate", "Basic realm=\"give me\"")
        : MockAnswer.redirect(302, "https://other.test/hop"));
    assertThat(pull(settings("https://registry.test"))).hasMessageContaining("401 Unauthorized at other.test");
    assertThat(shownTo(https, "/hop")).isEmpty();
  }

  @Test
  void wrongCredentialsAreTriedOnceAndNeverShown() {
    upstream.set(request -> MockAnswer.html(401).with("WWW-Authenticate", "Basic realm=\"r\""));
    UpstreamException failure = pull(settings("https://registry.test"));
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure).hasMessageNotContaining(PASSWORD);
    assertThat(https.log()).hasSize(2);
  }

  private UpstreamException challengeWith(String challenge) {
    upstream.set(challenger(challenge));
    return pull(settings("https://registry.test"));
  }

  private static MockServer.Handler challenger(String challenge) {
    return request -> request.path().equals("/token")
        ? MockAnswer.json(401, "{}")
        : MockAnswer.html(401).with("WWW-Authenticate", challenge);
  }

  private UpstreamSettings settings(String remote) {
    return UpstreamSettings.of(URI.create(remote).getHost(), URI.create(remote)).withCaFile(tls.authority())
        .withCredentials(Remotes.user("user", PASSWORD));
  }

  /** A made-up exception if it went well. */
  private UpstreamException pull(UpstreamSettings settings) {
    Network network = Network.of(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + toHttps.port(), "http_proxy",
        "127.0.0.1:" + toHttp.port()));
    try (RemoteRegistry remote = Remotes.of(settings, network, InstantSource.system())) {
      remote.manifest(APP, V1);
      return UpstreamException.failed("pull", "it went well");
    } catch (UpstreamException e) {
      return e;
    }
  }

  private static List<String> shownTo(MockServer server, String path) {
    return server.requests().stream().filter(it -> it.path().equals(path))
        .flatMap(it -> it.header("Authorization").stream()).toList();
  }
}
