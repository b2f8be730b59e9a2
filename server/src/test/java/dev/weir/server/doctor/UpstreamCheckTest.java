package dev.weir.server.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.config.WeirConfig;
import dev.weir.server.doctor.Finding.Level;
import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.MockServer;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.server.upstream.TestTls;
import dev.weir.server.upstream.UpstreamSettings.Patience;
import dev.weir.server.wiring.Connections;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class UpstreamCheckTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String PASSWORD = "s3cret-word";

  @TempDir static Path folder;
  private static TestTls tls;

  @BeforeAll
  static void makeCertificate() throws Exception {
    tls = TestTls.in(folder);
  }

  private static List<Finding> ask(URI remote, String more) {
    return ask(remote, more, LONG, Names.SYSTEM);
  }

  /** @param more keys of the upstream {@code hub} */
  private static List<Finding> ask(URI remote, String more, Duration response, Names names) {
    WeirConfig config = Written.config(folder, "upstreams: {hub: {remoteurl: '" + remote + "'" + more + "}}\n"
        + (Files.exists(folder.resolve("secret.json")) ? "pullsecret: '" + folder.resolve("secret.json") + "'\n" : ""));
    Connections connections = Connections.of(config, Map.of(), new Patience(LONG, response, LONG, Duration.ZERO),
        InstantSource.system(), complaint -> {});
    List<Finding> findings = UpstreamCheck.of(config.upstream("hub").orElseThrow(), connections, names,
        InstantSource.system()).run();
    assertThat(findings.toString()).doesNotContain(PASSWORD);
    return Written.advised(findings);
  }

  private static String user(String name, String password) {
    return ", username: " + name + ", password: " + password;
  }

  @Test
  void registryThatAsksForNothingOrGivesTokensToAnybodyIsAllWell() {
    try (ScriptedRegistry plain = ScriptedRegistry.plain(); ScriptedRegistry quay = ScriptedRegistry.quay()) {
      assertThat(Written.about(ask(plain.uri(), ""), "answers, and asks for no credentials").level())
          .isEqualTo(Level.OK);
      assertThat(Written.about(ask(quay.uri(), ""), "answers, and gives a token without").level()).isEqualTo(Level.OK);
      assertThat(quay.log()).as("what a login asks").containsExactly("GET /v2/", "GET /v2/auth?service=mock");
    }
  }

  @Test
  void credentialsAreAcceptedRefusedOrMissed() throws Exception {
    try (ScriptedRegistry redhat = ScriptedRegistry.redhat()) {
      redhat.needCredentials("puller", PASSWORD);
      assertThat(Written.about(ask(redhat.uri(), user("puller", PASSWORD)), "takes the credentials of upstreams.hub")
          .level()).isEqualTo(Level.OK);
      Finding refused = Written.about(ask(redhat.uri(), user("puller", "old")), "with our credentials");
      assertThat(refused.level()).isEqualTo(Level.FAIL);
      assertThat(refused.what()).contains("401 Unauthorized (UNAUTHORIZED)");
      Finding wanted = Written.about(ask(redhat.uri(), ""), "401 Unauthorized");
      assertThat(wanted.level()).isEqualTo(Level.WARN);
      assertThat(wanted.todo()).contains("podman login --authfile PULLSECRET " + redhat.host());
      String auth = Base64.getEncoder().encodeToString(("puller:" + PASSWORD).getBytes(UTF_8));
      Path secret = Files.writeString(folder.resolve("secret.json"),
          "{\"auths\":{\"" + redhat.host() + "\":{\"auth\":\"" + auth + "\"}}}");
      assertThat(Written.about(ask(redhat.uri(), ""), "credentials of the pull secret").level()).isEqualTo(Level.OK);
      Files.delete(secret);
    }
  }

  @Test
  void mirrorIsAskedByItselfAndWithoutTheUpstreamsCredentials() throws Exception {
    try (ScriptedRegistry mirror = ScriptedRegistry.redhat()) {
      mirror.needCredentials("puller", PASSWORD);
      WeirConfig config = Written.config(folder, "upstreams: {hub: {remoteurl: 'http://127.0.0.1:1', mirrors: ['"
          + mirror.uri() + "']" + user("puller", PASSWORD) + "}}\n");
      Connections connections = Connections.of(config, Map.of(), new Patience(LONG, LONG, LONG, Duration.ZERO),
          InstantSource.system(), complaint -> {});
      List<Finding> findings = UpstreamCheck.of(config.upstream("hub").orElseThrow(), mirror.uri(), connections,
          Names.SYSTEM, InstantSource.system()).run();
      Finding wanted = Written.about(Written.advised(findings), "401 Unauthorized");
      assertThat(wanted.level()).isEqualTo(Level.WARN);
      assertThat(wanted.subject()).isEqualTo("mirror " + mirror.uri() + " of hub");
    }
  }

  @Test
  void answerOfSomethingThatIsNoRegistryIsAFailure() {
    try (MockServer web = MockServer.http(request -> MockAnswer.html(404))) {
      assertThat(Written.about(ask(web.uri(), ""), "404 Not Found").level()).isEqualTo(Level.FAIL);
    }
  }

  @Test
  void basicCredentialsAreTriedOnTheRegistryItself() {
    String right = "Basic " + Base64.getEncoder().encodeToString(("u:" + PASSWORD).getBytes(UTF_8));
    try (MockServer basic = MockServer.http(request -> request.header("Authorization").filter(right::equals).isPresent()
        ? MockAnswer.json(200, "{}")
        : MockAnswer.json(401, "{}").with("WWW-Authenticate", "Basic realm=\"r\""))) {
      assertThat(ask(basic.uri(), user("u", PASSWORD)).getFirst().level()).isEqualTo(Level.OK);
      assertThat(ask(basic.uri(), user("u", "wrong")).getFirst().level()).isEqualTo(Level.FAIL);
      assertThat(ask(basic.uri(), "").getFirst().level()).isEqualTo(Level.WARN);
    }
  }

  @Test
  void registryThatDoesNotAnswerOrIsNotThereIsAFailureThatSaysSo() throws Exception {
    try (ScriptedRegistry hole = ScriptedRegistry.plain()) {
      hole.next("/v2/", new Fault.NoAnswer());
      assertThat(Written.about(ask(hole.uri(), "", Duration.ofMillis(300), Names.SYSTEM), "did not answer within")
          .level()).isEqualTo(Level.FAIL);
    }
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Finding nobody = Written.about(ask(URI.create("http://127.0.0.1:" + port), ""), "no connection to");
    assertThat(nobody.level()).isEqualTo(Level.FAIL);
    assertThat(nobody.todo()).contains("HTTPS_PROXY", "upstreams.hub.offline: true");
  }

  @Test
  void hostThatNobodyKnowsIsAFailureBeforeAnythingIsAsked() {
    Names none = new Names() {
      @Override
      public List<InetAddress> resolve(String host) throws IOException {
        throw new IOException("nobody knows the host name " + host);
      }

      @Override
      public boolean isOwn(InetAddress address) {
        return false;
      }
    };
    assertThat(Written.about(ask(URI.create("https://hub.test"), "", LONG, none), "nobody knows the host name hub.test")
        .todo()).contains("getent hosts hub.test");
  }

  @Test
  void authorityThatIsMissingIsNamedAndOneThatIsNamedIsTrusted() {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server())) {
      Finding missing = Written.about(ask(registry.uri(), ""), "no trusted TLS");
      assertThat(missing.level()).isEqualTo(Level.FAIL);
      assertThat(missing.what()).contains("the authority that signed it is not trusted here: CN=registry.test");
      assertThat(missing.todo()).contains("upstreams.hub.cafile");
      assertThat(registry.log()).as("no request is sent to whom nobody trusts").isEmpty();
      assertThat(ask(registry.uri(), ", cafile: '" + tls.authority() + "'").getFirst().level()).isEqualTo(Level.OK);
      assertThat(Written.about(ask(registry.uri(), ", cafile: '/absent.pem'"), "/absent.pem").level())
          .isEqualTo(Level.FAIL);
    }
  }

  @Test
  void plainHttpWhereTlsIsWantedIsSaid() throws IOException {
    try (ServerSocket plain = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> answerInPlainText(plain));
      Finding finding = ask(URI.create("https://127.0.0.1:" + plain.getLocalPort()), "").getFirst();
      assertThat(finding.level()).isEqualTo(Level.FAIL);
      assertThat(finding.todo()).contains("write http:// in upstreams.hub.remoteurl");
    }
  }

  private static void answerInPlainText(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
        client.shutdownOutput();
        client.getInputStream().readAllBytes();
      } catch (IOException e) {
        // the client left, or the test is over
      }
    }
  }

  @Test
  void clockThatDiffersFromTheUpstreamsIsWarnedOf() {
    for (int minutes : new int[]{-30, 0, 30}) {
      String date = DateTimeFormatter.RFC_1123_DATE_TIME
          .format(Instant.now().plus(Duration.ofMinutes(minutes)).atOffset(ZoneOffset.UTC));
      try (MockServer server = MockServer.http(request -> MockAnswer.json(200, "{}").with("Date", date))) {
        List<Finding> findings = ask(server.uri(), "");
        assertThat(findings).hasSize(minutes == 0 ? 1 : 2);
        if (minutes != 0) {
          assertThat(findings.getLast().what()).matches("the clock here is (29|30) minutes "
              + (minutes > 0 ? "behind" : "ahead of") + " that of hub");
          assertThat(findings.getLast().level()).isEqualTo(Level.WARN);
        }
      }
    }
  }
}
