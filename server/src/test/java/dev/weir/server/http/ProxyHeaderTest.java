package dev.weir.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.http.HttpServer.Entrance;
import dev.weir.server.net.Network;
import dev.weir.server.tls.TestCertificates;
import dev.weir.server.tls.TlsSettings;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

/** The PROXY protocol and X-Forwarded-For, from those who may and those who may not. */
class ProxyHeaderTest {
  private static final RequestHandler REMOTE = exchange -> exchange.respond(200,
      Headers.of("X-Remote", exchange.remote()));
  private static final String V1 = "PROXY TCP4 192.0.2.9 192.0.2.1 4711 443\r\n";
  private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

  private @Nullable TestServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private TestServer start(String... proxies) throws IOException {
    return start(Optional.empty(), proxies);
  }

  private TestServer start(Optional<TlsSetup> tls, String... proxies) throws IOException {
    TestServer started = TestServer.at(InetAddress.getLoopbackAddress(),
        new Entrance(tls, new TrustedProxies(Stream.of(proxies).map(Network::parse).toList())), REMOTE,
        TestServer.LIMITS);
    server = started;
    return started;
  }

  private static byte[] v2(int command, int family, String addresses) {
    byte[] rest = HexFormat.of().parseHex(addresses);
    return ByteBuffer.allocate(16 + rest.length).put(SIGNATURE).put((byte) (0x20 | command)).put((byte) family)
        .putShort((short) rest.length).put(rest).array();
  }

  private static byte[] v2(String client) throws IOException {
    byte[] address = InetAddress.getByName(client).getAddress();
    String hex = HexFormat.of().formatHex(address);
    // a TLV of a type of its own stands at the end
    return v2(1, address.length == 4 ? 0x11 : 0x21, hex + hex + "1267" + "01bb" + "e20002" + "abcd");
  }

  private static String remote(RawClient client) throws IOException {
    return client.get("/").header("X-Remote").orElseThrow();
  }

  @Test
  void aTrustedProxyStatesTheAddressForTheWholeConnection() throws Exception {
    TestServer here = start("127.0.0.1");
    try (RawClient client = here.connect().send(V1)) {
      assertThat(remote(client)).isEqualTo("192.0.2.9");
      assertThat(remote(client)).isEqualTo("192.0.2.9");
      assertThat(here.nextAnswer().remote()).isEqualTo("192.0.2.9");
    }
    try (RawClient client = here.connect().send(v2("192.0.2.10"))) {
      assertThat(remote(client)).isEqualTo("192.0.2.10");
    }
    try (RawClient client = here.connect().send(v2("2001:db8::7"))) {
      assertThat(remote(client)).isEqualTo("2001:db8:0:0:0:0:0:7");
    }
    try (RawClient client = here.connect().send("PROXY TCP6 2001:db8::8 ::1 4711 443\r\n")) {
      assertThat(remote(client)).isEqualTo("2001:db8:0:0:0:0:0:8");
    }
  }

  @Test
  void aHeaderMayComeInPiecesOrWithTheRequest() throws Exception {
    TestServer here = start("127.0.0.1");
    for (byte[] header : List.of(V1.getBytes(ISO_8859_1), v2("192.0.2.9"))) {
      try (RawClient client = here.connect()) {
        for (byte each : header) {
          client.send(new byte[]{each});
        }
        assertThat(remote(client)).isEqualTo("192.0.2.9");
      }
      byte[] request = "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1);
      byte[] all = ByteBuffer.allocate(header.length + request.length).put(header).put(request).array();
      try (RawClient client = here.connect().send(all)) {
        assertThat(client.read().header("X-Remote")).contains("192.0.2.9");
        assertThat(client.read().header("X-Remote")).contains("192.0.2.9");
      }
    }
  }

  @Test
  void whoStatesNobodyStaysWhoHeIs() throws Exception {
    TestServer here = start("127.0.0.1");
    for (byte[] header : List.of("PROXY UNKNOWN\r\n".getBytes(ISO_8859_1), v2(0, 0x00, ""), v2(1, 0x00, ""),
        v2(0, 0x11, "c0000209c00002011267" + "01bb"), "".getBytes(ISO_8859_1))) {
      try (RawClient client = here.connect().send(header)) {
        assertThat(remote(client)).isEqualTo("127.0.0.1");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "POST", "PATCH", "P", "PROPFIND", "PROXY2", "GET"})
  void aMethodThatBeginsLikeAHeaderIsARequest(String method) throws Exception {
    for (TestServer here : List.of(start("127.0.0.1"), start())) {
      try (here; RawClient client = here.connect()) {
        for (byte each : (method + " / HTTP/1.1\r\n\r\n").getBytes(ISO_8859_1)) {
          client.send(new byte[]{each});
        }
        assertThat(client.read().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aHeaderOfSomebodyElseIsRefused() throws Exception {
    TestServer here = start("192.0.2.0/24");
    for (byte[] header : List.of(V1.getBytes(ISO_8859_1), v2("192.0.2.9"))) {
      try (RawClient client = here.connect().send(header).send("GET / HTTP/1.1\r\n\r\n")) {
        assertThat(new String(client.readToEnd(), ISO_8859_1)).startsWith("HTTP/1.1 400 ")
            .endsWith("This address may not send a PROXY header\n");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROXY              \r\n", "PROXY TCP4     \r\n", "PROXY TCP4 x y 1 2\r\n",
      "PROXY TCP4 ::1 ::1 1 2\r\n",
      "PROXY TCP4 1.2.3.4 1.2.3.4 1 99999\r\n", "PROXY TCP9 1.2.3.4 1.2.3.4 1 2\r\n",
      "PROXY TCP4 1.2.3.4 1.2.3.4 1 2                                                                                   ",
      "\r\n\r\n\u0000\r\nQUIT\n1\u0011\u0000\u0000", "\r\n\r\n\u0000\r\nQUIT\n!\u0011\u0000\u0001x"})
  void aBrokenHeaderEndsTheConnection(String header) throws Exception {
    try (RawClient client = start("127.0.0.1").connect().send(header).send("\r\n\r\n")) {
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theHeaderComesBeforeTls(TlsSettings.Provider provider, @TempDir Path folder) throws Exception {
    TestCertificates ca = TestCertificates.in(folder);
    TlsSettings settings = new TlsSettings(TlsSettings.Minimum.TLS_1_2, List.of(),
        TlsSettings.ClientAuthentication.NONE, provider);
    try (TlsSetup setup = TlsSetup.of(settings, ca.material(ca.local()))) {
      TestServer here = start(Optional.of(setup), "127.0.0.1");
      try (RawClient client = overTls(here, ca.client(), V1.getBytes(ISO_8859_1))) {
        assertThat(remote(client)).isEqualTo("192.0.2.9");
      }
      try (RawClient client = overTls(here, ca.client(), v2("192.0.2.10"))) {
        assertThat(remote(client)).isEqualTo("192.0.2.10");
        assertThat(client.get("/", "X-Forwarded-For: 6.6.6.6").header("X-Remote")).contains("192.0.2.10");
      }
      try (RawClient client = overTls(here, ca.client(), new byte[0])) {
        assertThat(client.get("/", "X-Forwarded-For: 192.0.2.11").header("X-Remote")).contains("192.0.2.11");
      }
      here.close();
    }
  }

  private static RawClient overTls(TestServer server, SSLContext context, byte[] header) throws IOException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.server().port());
    plain.getOutputStream().write(header);
    return new RawClient(context.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true));
  }

  @Test
  void forwardedForIsHeardFromProxiesAlone() throws Exception {
    try (TestServer here = start("127.0.0.1"); RawClient client = here.connect()) {
      assertThat(client.get("/", "X-Forwarded-For: 6.6.6.6, 192.0.2.9").header("X-Remote")).contains("192.0.2.9");
      assertThat(client.get("/", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 192.0.2.8").header("X-Remote"))
          .contains("192.0.2.8");
      assertThat(remote(client)).isEqualTo("127.0.0.1");
    }
    try (RawClient client = start("192.0.2.0/24").connect()) {
      assertThat(client.get("/", "X-Forwarded-For: 6.6.6.6").header("X-Remote")).contains("127.0.0.1");
    }
  }
}
