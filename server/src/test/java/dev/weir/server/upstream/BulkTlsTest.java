package dev.weir.server.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;

import io.netty.handler.ssl.OpenSsl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.auth.Credentials;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Blobs over TLS, by either library, and through proxies. */
class BulkTlsTest {
  private static final RepositoryName APP = RepositoryName.parse("team/app");
  private static final byte[] LAYER = RemoteRegistryTest.randomBytes(3_000_000);
  private static final Digest LAYER_DIGEST = Digest.sha256(LAYER);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PROXY_USER = new Credentials("pro xy", "p@ss").basic();

  @TempDir static Path folder;
  private static TestTls tls;
  private static List<Library> libraries;

  interface Library {
    TlsClient trusting(X509TrustManager trust) throws IOException;
  }

  @BeforeAll
  static void makeCertificate() throws Exception {
    tls = TestTls.in(folder);
    libraries = OpenSsl.isAvailable()
        ? List.of(TlsClient::ofJdk, TlsClient::ofBoringSsl)
        : List.of(TlsClient::ofJdk);
  }

  static List<Library> libraries() {
    return libraries;
  }

  private static X509TrustManager trust() throws Exception {
    return Authorities.trust(Set.of(), Authorities.of(tls.authority()));
  }

  /** Asks for the layer, over a connection to whatever listens there. */
  private static byte[] fetch(TlsClient client, Origin to, int port) throws IOException {
    return fetch(client, to, port, socket -> socket);
  }

  private static byte[] fetch(TlsClient client, Origin to, int port, UnaryOperator<ByteChannel> path)
      throws IOException {
    try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        TlsChannel channel = new TlsChannel(path.apply(socket), client.newEngine(to))) {
      channel.shakeHands();
      Line line = new Line(to, channel, new Buffers(), closed -> {});
      Head head = line.ask(ByteBuffer.wrap(("GET /v2/team/app/blobs/" + LAYER_DIGEST + " HTTP/1.1\r\nHost: a\r\n\r\n")
          .getBytes(StandardCharsets.US_ASCII)));
      assertThat(head.status()).isEqualTo(200);
      try (Lines lines = new Lines(new Dialer(PATIENCE, Proxies.NONE, new Buffers(), () -> client), PATIENCE)) {
        return new LineBody("pull", line, lines, head, PATIENCE).readAll(LAYER.length);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void everyByteComesOverEitherLibrary(Library library) throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server());
        TlsClient client = library.trusting(trust())) {
      registry.addBlob("team/app", LAYER);
      int port = registry.server().port();
      assertThat(fetch(client, new Origin("https", "registry.test", port), port)).isEqualTo(LAYER);
      assertThat(fetch(client, new Origin("https", "127.0.0.1", port), port)).isEqualTo(LAYER);
    }
  }

  /** Hands on what comes, but for one bit. */
  private static final class BadPath implements ByteChannel {
    private final ByteChannel socket;
    private long untilFlip = 1_000_000;

    BadPath(ByteChannel socket) {
      this.socket = socket;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      int from = into.position();
      int count = socket.read(into);
      if (count > 0 && untilFlip >= 0 && untilFlip < count) {
        int at = from + (int) untilFlip;
        into.put(at, (byte) (into.get(at) ^ 1));
      }
      untilFlip -= count;
      return count;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      return socket.write(bytes);
    }

    @Override
    public boolean isOpen() {
      return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aFlippedBitBreaksTheConnectionAtOnce(Library library) throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server());
        TlsClient client = library.trusting(trust())) {
      registry.addBlob("team/app", LAYER);
      int port = registry.server().port();
      assertThatThrownBy(() -> fetch(client, new Origin("https", "registry.test", port), port, BadPath::new))
          .isInstanceOf(UpstreamException.class).hasMessageContaining("the connection broke");
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void certificateOfAnotherHostIsRefused(Library library) throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server());
        TlsClient client = library.trusting(trust())) {
      int port = registry.server().port();
      for (String stranger : new String[]{"elsewhere.test", "127.0.0.2"}) {
        assertThatThrownBy(() -> fetch(client, new Origin("https", stranger, port), port))
            .isInstanceOf(SSLException.class).hasMessageContaining(stranger);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void certificateOfAnUnknownAuthorityIsRefusedWithTheReason(Library library) throws Exception {
    X509TrustManager system = Network.of(Map.of()).trust(List.of());
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server());
        TlsClient client = library.trusting(system)) {
      int port = registry.server().port();
      assertThatThrownBy(() -> fetch(client, new Origin("https", "registry.test", port), port))
          .isInstanceOf(SSLException.class).hasMessageContaining("unable to find valid certification path");
    }
  }

  @Test
  void strangersCertificateIsNoOutageButNoTrustedTlsEither() throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server());
        RemoteRegistry stranger = Remotes.of(UpstreamSettings.of("mock", registry.uri()))) {
      assertThatThrownBy(() -> stranger.blob(APP, LAYER_DIGEST, 0)).isInstanceOf(UpstreamException.class)
          .hasMessageContaining("no trusted TLS with " + registry.host());
      assertThat(registry.log()).isEmpty();
    }
  }

  @Test
  void blobComesThroughATunnelThatSeesTheProxysCredentialsAlone() throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server());
        MockProxy proxy = new MockProxy(registry.server().port(), PROXY_USER)) {
      registry.addBlob("team/app", LAYER);
      assertThat(pull("https://registry.test",
          Map.of("HTTPS_PROXY", "http://pro%20xy:p%40ss@127.0.0.1:" + proxy.port()))).isEqualTo(LAYER);
      assertThat(proxy.log()).containsExactly("CONNECT registry.test:443 HTTP/1.1");
      assertThat(registry.server().requests()).allMatch(it -> it.header("Proxy-Authorization").isEmpty()).isNotEmpty();
    }
  }

  @Test
  void plainBlobIsForwardedByAProxy() throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain();
        MockProxy proxy = new MockProxy(registry.server().port(), PROXY_USER)) {
      registry.addBlob("team/app", LAYER);
      assertThat(
          pull("http://registry.test", Map.of("HTTP_PROXY", "http://pro%20xy:p%40ss@127.0.0.1:" + proxy.port())))
          .isEqualTo(LAYER);
      assertThat(proxy.log())
          .containsExactly("GET http://registry.test/v2/team/app/blobs/" + LAYER_DIGEST + " HTTP/1.1");
    }
  }

  @Test
  void proxyThatOpensNoTunnelIsNamedWithoutItsPassword() throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server());
        MockProxy proxy = new MockProxy(registry.server().port(), PROXY_USER)) {
      for (String remote : new String[]{"https://registry.test", "http://registry.test"}) {
        String address = "http://user:wr0ng@127.0.0.1:" + proxy.port();
        assertThatThrownBy(() -> pull(remote, Map.of("HTTPS_PROXY", address, "HTTP_PROXY", address)))
            .hasMessageEndingWith("the proxy 127.0.0.1:" + proxy.port()
                + " wants other credentials (407 Proxy Authentication Required)");
      }
    }
  }

  private static byte[] pull(String remote, Map<String, String> environment) throws IOException {
    UpstreamSettings settings = UpstreamSettings.of("mock", URI.create(remote)).withCaFile(tls.authority());
    try (RemoteRegistry registry = new RemoteRegistry(settings, Network.of(environment), InstantSource.system())) {
      return Remotes.readAll(registry.blob(APP, LAYER_DIGEST, 0));
    }
  }
}
