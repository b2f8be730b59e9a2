package dev.weir.server.upstream;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.Credentials;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProxyAndTlsTest {
  private static final RepositoryName APP = RepositoryName.parse("team/app");
  private static final Tag V1 = Tag.parse("v1");
  private static final String PROXY_USER = new Credentials("pro xy", "p@ss").basic();

  @TempDir static Path folder;
  private static TestTls tls;

  @BeforeAll
  static void makeCertificate() throws Exception {
    tls = TestTls.in(folder);
  }

  @Test
  void httpsGoesThroughATunnelWithTheProxysCredentialsAndTheUpstreamSeesNoneOfIt() throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server());
        MockProxy proxy = new MockProxy(registry.server().port(), PROXY_USER)) {
      registry.addImage("team/app", "v1", new byte[]{1});
      pull("https://registry.test", tls, Map.of("HTTPS_PROXY", "http://pro%20xy:p%40ss@127.0.0.1:" + proxy.port()));
      assertThat(proxy.log()).containsExactly("CONNECT registry.test:443 HTTP/1.1");
      assertThat(registry.server().requests()).allMatch(it -> it.header("Proxy-Authorization").isEmpty()).isNotEmpty();
    }
  }

  @Test
  void plainHttpIsForwardedWithTheProxysCredentials() throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain();
        MockProxy proxy = new MockProxy(registry.server().port(), PROXY_USER)) {
      registry.addImage("team/app", "v1", new byte[]{1});
      pull("http://registry.test", tls,
          Map.of("http_proxy", "pro%20xy:p%40ss@127.0.0.1:" + proxy.port(), "https_proxy", "http://127.0.0.1:1"));
      assertThat(proxy.log()).containsExactly("GET http://registry.test/v2/team/app/manifests/v1 HTTP/1.1");
    }
  }

  @Test
  void proxyThatRefusesUsIsNamedInTheSentenceWithoutItsPassword() throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server());
        MockProxy proxy = new MockProxy(registry.server().port(), PROXY_USER)) {
      for (String remote : new String[]{"https://registry.test", "http://registry.test"}) {
        String address = "http://user:wr0ng@127.0.0.1:" + proxy.port();
        assertThatThrownBy(() -> pull(remote, tls, Map.of("HTTPS_PROXY", address, "HTTP_PROXY", address)))
            .hasMessage("pull manifest v1 of team/app from mock: the proxy 127.0.0.1:" + proxy.port()
                + " wants other credentials (407 Proxy Authentication Required)");
      }
    }
  }

  @Test
  void loopbackGoesStraight() throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(); MockProxy proxy = new MockProxy(1, "")) {
      registry.addImage("team/app", "v1", new byte[]{1});
      pull(registry.uri().toString(), tls, Map.of("HTTP_PROXY", "http://127.0.0.1:" + proxy.port()));
      assertThat(proxy.log()).isEmpty();
    }
  }

  @Test
  void upstreamOfAnUnknownAuthorityIsRefusedAndWithItsAuthorityTrusted() throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server())) {
      registry.addImage("team/app", "v1", new byte[]{1});
      try (RemoteRegistry stranger = Remotes.of(UpstreamSettings.of("mock", registry.uri()))) {
        assertThatThrownBy(() -> stranger.manifest(APP, V1)).isInstanceOf(UpstreamException.class)
            .hasMessageContaining("no trusted TLS with " + registry.host());
      }
      pull(registry.uri().toString(), tls, Map.of());
      assertThat(registry.log()).containsExactly("GET /v2/team/app/manifests/v1");
    }
  }

  @Test
  void authorityFileThatIsAbsentOrEmptyIsNamedAtOnce() throws IOException {
    Path absent = folder.resolve("absent.pem");
    assertThatThrownBy(() -> pull("https://registry.test", absent, Map.of())).isInstanceOf(IOException.class)
        .hasMessageContaining(absent.toString()).hasMessageContaining("no such file");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "\n");
    assertThatThrownBy(() -> pull("https://registry.test", empty, Map.of())).hasMessageContaining(empty.toString());
    Path junk = Files.writeString(folder.resolve("junk.pem"), "-----BEGIN CERTIFICATE-----\nxx\n");
    assertThatThrownBy(() -> pull("https://registry.test", junk, Map.of())).isInstanceOf(IOException.class)
        .hasMessageContaining(junk.toString());
  }

  private static void pull(String remote, TestTls tls, Map<String, String> environment) throws IOException {
    pull(remote, tls.authority(), environment);
  }

  private static void pull(String remote, Path authority, Map<String, String> environment) throws IOException {
    UpstreamSettings settings = UpstreamSettings.of("mock", URI.create(remote)).withCaFile(authority);
    try (RemoteRegistry registry = new RemoteRegistry(settings, Network.of(environment), InstantSource.system())) {
      registry.manifest(APP, V1);
    }
  }
}
