package dev.weir.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import io.netty.handler.ssl.OpenSsl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.weir.server.tls.Issued;
import dev.weir.server.tls.KeyKind;
import dev.weir.server.tls.TestCertificates;
import dev.weir.server.tls.TlsMaterial;
import dev.weir.server.tls.TlsSettings;
import dev.weir.server.tls.TlsSettings.ClientAuthentication;
import dev.weir.server.tls.TlsSettings.Minimum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

/** Handshakes, by both providers, with the JDK's client. */
class TlsServerTest {
  private static final RequestHandler OK = exchange -> {
    exchange.clientCertificate()
        .ifPresent(shown -> exchange.always("X-Client", shown.getSubjectX500Principal().getName()));
    exchange.respond(200, Headers.NONE, new byte[1000]);
  };

  @TempDir static Path folder;
  private static TestCertificates ca;
  private static Issued issued;
  private @Nullable TlsSetup setup;
  private @Nullable TestServer server;

  @BeforeAll
  static void issue() throws IOException {
    ca = TestCertificates.in(folder);
    issued = ca.local();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    if (setup != null) {
      setup.close();
    }
  }

  private TestServer start(TlsSettings settings, TlsMaterial material) throws IOException {
    setup = TlsSetup.of(settings, material);
    server = TestServer.tls(setup, OK);
    return server;
  }

  private TlsSetup setup() {
    return Objects.requireNonNull(setup);
  }

  private static TlsSettings settings(TlsSettings.Provider provider) {
    return new TlsSettings(Minimum.TLS_1_2, List.of(), ClientAuthentication.NONE, provider);
  }

  private static TlsSettings asking(ClientAuthentication clients, TlsSettings.Provider provider) {
    return new TlsSettings(Minimum.TLS_1_2, List.of(), clients, provider);
  }

  /** Has shaken hands, and checked the host's name. */
  private static SSLSocket connect(SSLContext context, int port, String... protocols) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[]{"h2", "http/1.1"});
    if (protocols.length > 0) {
      parameters.setProtocols(protocols);
    }
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    return socket;
  }

  @ParameterizedTest
  @EnumSource
  void newestProtocolAndHttp1AreAgreedOnAndTheChainIsShown(TlsSettings.Provider provider) throws Exception {
    TestServer here = start(settings(provider), ca.material(issued));
    try (SSLSocket socket = connect(ca.client(), here.server().port()); RawClient client = new RawClient(socket)) {
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
      assertThat(socket.getSession().getPeerCertificates()).containsExactly(issued.certificate(), ca
          .authorityCertificate());
      assertThat(client.get("/a").body()).hasSize(1000);
      assertThat(client.get("/b").status()).as("on the same connection").isEqualTo(200);
    }
    assertThat(here.nextAnswer().user()).isEqualTo("-");
  }

  @Test
  void boringSslServesWhereItRunsUnlessTheJdkIsAskedFor() throws Exception {
    assumeThat(OpenSsl.isAvailable()).isTrue();
    start(TlsSettings.DEFAULT, ca.material(issued));
    assertThat(setup().provider()).isEqualTo("BoringSSL");
    try (TlsSetup jdk = TlsSetup.of(settings(TlsSettings.Provider.JDK), ca.material(issued))) {
      assertThat(jdk.provider()).isEqualTo("the JDK");
    }
  }

  @ParameterizedTest
  @EnumSource
  void keysOfEveryKindAreServed(TlsSettings.Provider provider) throws Exception {
    Issued ed25519 = TestCertificates.commonNameOnly("Ed25519", Instant.now().minusSeconds(60), Duration.ofDays(1));
    TestServer here = start(settings(provider), ca.material(ca.issue(KeyKind.RSA, "localhost", "127.0.0.1")));
    try (SSLSocket socket = connect(ca.client(), here.server().port(), "TLSv1.2")) {
      assertThat(socket.getSession().getCipherSuite()).startsWith("TLS_ECDHE_RSA_WITH_");
    }
    setup().replace(new TlsMaterial(List.of(ed25519.certificate()), ed25519.key(), List.of()));
    try (SSLSocket socket = connect(TestCertificates.clientTrusting(ed25519.certificate()), here.server().port())) {
      fail(socket);
    } catch (SSLException e) {
      assertThat(e).as("only the name is wrong").hasMessageContaining("No name matching");
    }
  }

  private static void fail(SSLSocket socket) {
    throw new AssertionError("no name was checked: " + socket.getSession());
  }

  @ParameterizedTest
  @EnumSource
  void nothingOlderThanTheMinimumIsSpoken(TlsSettings.Provider provider) throws Exception {
    TestServer here = start(new TlsSettings(Minimum.TLS_1_3, List.of(), ClientAuthentication.NONE, provider),
        ca.material(issued));
    assertThatThrownBy(() -> connect(ca.client(), here.server().port(), "TLSv1.2")).isInstanceOf(SSLException.class);
    try (SSLSocket socket = connect(ca.client(), here.server().port())) {
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheSuitesNamedAreSpoken(TlsSettings.Provider provider) throws Exception {
    String only = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    TestServer here = start(new TlsSettings(Minimum.TLS_1_2, List.of(only, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
        ClientAuthentication.NONE, provider), ca.material(issued));
    try (SSLSocket socket = connect(ca.client(), here.server().port(), "TLSv1.2")) {
      assertThat(socket.getSession().getCipherSuite()).isEqualTo(only);
    }
    try (SSLSocket socket = connect(ca.client(), here.server().port())) {
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @ParameterizedTest
  @EnumSource
  void requiredClientCertificateIsTheUser(TlsSettings.Provider provider) throws Exception {
    RequestHandler door = new FrontDoor(OK, OK, Optional::empty, Map.of());
    setup = TlsSetup.of(asking(ClientAuthentication.REQUIRED, provider), ca.materialWithClients(issued));
    TestServer here = TestServer.tls(setup, door);
    server = here;
    try (RawClient client = new RawClient(connect(ca.clientWith(ca.client("node-7")), here.server().port()))) {
      assertThat(client.get("/x").header("X-Client")).contains("CN=node-7");
      assertThat(here.nextAnswer().user()).isEqualTo("node-7");
    }
    Issued stranger = TestCertificates.commonNameOnly("EC", Instant.now().minusSeconds(60), Duration.ofDays(1));
    for (SSLContext refused : List.of(ca.client(), ca.clientInsistingOn(stranger))) {
      assertThatThrownBy(() -> {
        try (RawClient client = new RawClient(connect(refused, here.server().port()))) {
          client.get("/x");
        }
      }).isInstanceOf(IOException.class);
    }
    assertThat(here.answers).isEmpty();
  }

  @Test
  void aPageThatCameUnencryptedIsAnotherSitesWhateverItsName() throws Exception {
    RequestHandler door = new FrontDoor(OK, OK, Optional::empty, Map.of());
    setup = TlsSetup.of(settings(TlsSettings.Provider.JDK), ca.material(issued));
    server = TestServer.tls(setup, door);
    for (Map.Entry<String, Integer> each : Map.of("http://localhost", 403, "https://localhost", 200).entrySet()) {
      try (RawClient client = new RawClient(connect(ca.client(), server.server().port()))) {
        client.send("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nOrigin: " + each.getKey()
            + "\r\n\r\n");
        assertThat(client.read().status()).as(each.getKey()).isEqualTo(each.getValue());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void clientCertificateIfGivenLetsOthersInAsNobody(TlsSettings.Provider provider) throws Exception {
    TestServer here = start(asking(ClientAuthentication.IF_GIVEN, provider), ca.materialWithClients(issued));
    try (RawClient client = new RawClient(connect(ca.client(), here.server().port()))) {
      assertThat(client.get("/x").header("X-Client")).isEmpty();
    }
    try (RawClient client = new RawClient(connect(ca.clientWith(ca.client("node-7")), here.server().port()))) {
      assertThat(client.get("/x").header("X-Client")).contains("CN=node-7");
    }
    Issued stranger = TestCertificates.commonNameOnly("EC", Instant.now().minusSeconds(60), Duration.ofDays(1));
    assertThatThrownBy(() -> {
      try (RawClient client = new RawClient(connect(ca.clientInsistingOn(stranger), here.server().port()))) {
        client.get("/x");
      }
    }).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @EnumSource
  void clientsBeginNoSecondHandshake(TlsSettings.Provider provider) throws Exception {
    TestServer here = start(settings(provider), ca.material(issued));
    try (SSLSocket socket = connect(ca.client(), here.server().port(), "TLSv1.2")) {
      RawClient client = new RawClient(socket);
      assertThat(client.get("/x").status()).isEqualTo(200);
      assertThatThrownBy(() -> {
        socket.startHandshake();
        client.get("/y");
      }).isInstanceOf(IOException.class);
    }
    assertThat(here.nextAnswer().path()).isEqualTo("/x");
    assertThat(here.answers).isEmpty();
  }

  @Test
  void plainHttpIsToldThatThisPortSpeaksTls() throws Exception {
    TestServer here = start(TlsSettings.DEFAULT, ca.material(issued));
    try (RawClient client = here.connect()) {
      RawClient.Reply reply = client.get("/v2/");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.text()).contains("This port speaks TLS");
      assertThat(reply.header("Connection")).contains("close");
      assertThat(client.readToEnd()).isEmpty();
    }
    try (RawClient client = here.connect()) {
      client.send("PUT /v2/a/blobs HTTP/1.1\r\nContent-Length: 10000000\r\n\r\n").send(new byte[1 << 20]);
      assertThat(client.read().status()).as("though more was on its way").isEqualTo(400);
    }
    assertThat(here.answers).isEmpty();
  }

  @Test
  void whatIsNeitherTlsNorHttpIsCut() throws Exception {
    TestServer here = start(TlsSettings.DEFAULT, ca.material(issued));
    try (RawClient client = here.connect()) {
      assertThat(client.send(new byte[]{0, 1, 2, 3, 4, 5, 6, 7}).readToEnd().length).isLessThan(20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void handshakeThatDoesNotComeToItsEndIsCut(TlsSettings.Provider provider) throws Exception {
    setup = TlsSetup.of(settings(provider), ca.material(issued), Duration.ofMillis(200));
    server = TestServer.tls(setup, OK);
    try (RawClient silent = server.connect(); RawClient half = server.connect()) {
      half.send(new byte[]{0x16, 3, 1, 1, 0, 1});
      assertThat(silent.readToEnd()).isEmpty();
      half.readToEnd();
    }
  }

  @ParameterizedTest
  @EnumSource
  void openConnectionsKeepTheirCertificateAndNewOnesGetTheNewOne(TlsSettings.Provider provider) throws Exception {
    TestServer here = start(settings(provider), ca.material(issued));
    Issued second = ca.local();
    try (RawClient before = new RawClient(connect(ca.client(), here.server().port()))) {
      before.get("/x");
      setup().replace(ca.material(second));
      assertThat(before.get("/y").status()).isEqualTo(200);
      try (SSLSocket after = connect(ca.client(), here.server().port())) {
        assertThat(shown(after)).isEqualTo(second.certificate());
      }
    }
  }

  @Test
  void ipv6AddressIsServedAndNamed() throws Exception {
    setup = TlsSetup.of(TlsSettings.DEFAULT, ca.material(issued));
    InetAddress six = InetAddress.ofLiteral("::1");
    server = TestServer.tls(six, setup, OK, TestServer.LIMITS);
    try (Socket plain = new Socket(six, server.server().port());
        SSLSocket socket = (SSLSocket) ca.client().getSocketFactory().createSocket(plain, "::1", plain.getPort(),
            false)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      assertThat(new RawClient(socket).get("/x").status()).isEqualTo(200);
    }
  }

  private static X509Certificate shown(SSLSocket socket) throws SSLException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }
}
