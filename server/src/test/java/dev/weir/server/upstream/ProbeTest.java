package dev.weir.server.upstream;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.Credentials;
import dev.weir.server.upstream.Greeting.Standing;

import static org.assertj.core.api.Assertions.assertThat;

class ProbeTest {
  @TempDir private Path folder;

  @Test
  void isAskedThroughTheProxyThatPullsUse() throws Exception {
    TestTls tls = TestTls.in(folder);
    try (ScriptedRegistry registry = ScriptedRegistry.plain(tls.server());
        MockProxy proxy = new MockProxy(registry.server().port(), new Credentials("u", "right").basic())) {
      try (Probe probe = probe(tls, "http://u:right@127.0.0.1:" + proxy.port())) {
        assertThat(probe.proxy()).contains("127.0.0.1:" + proxy.port());
        assertThat(probe.firstHost()).isEqualTo("127.0.0.1");
        assertThat(probe.greet().standing()).isEqualTo(Standing.OPEN);
        assertThat(probe.shownCertificates()).singleElement()
            .satisfies(shown -> assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=registry.test"));
      }
      try (Probe probe = probe(tls, "http://u:wr0ng@127.0.0.1:" + proxy.port())) {
        assertThat(probe.greet().standing()).isEqualTo(Standing.TROUBLE);
        assertThat(probe.greet().sentence()).contains("the proxy 127.0.0.1", "407").doesNotContain("wr0ng");
      }
    }
  }

  private static Probe probe(TestTls tls, String proxy) throws Exception {
    UpstreamSettings settings = UpstreamSettings.of("mock", URI.create("https://registry.test"))
        .withCaFile(tls.authority()).withPatience(Remotes.SHORT);
    return new Probe(settings, Network.of(Map.of("HTTPS_PROXY", proxy)), InstantSource.system());
  }

  @Test
  void credentialsDoNotGoToARealmOfSomebodyElse() throws Exception {
    try (MockServer registry = MockServer.http(request -> MockAnswer.json(401, "{}").with("WWW-Authenticate",
        "Bearer realm=\"https://elsewhere.test/token\",service=\"x\""))) {
      UpstreamSettings settings = UpstreamSettings.of("mock", registry.uri())
          .withCredentials(Remotes.user("u", "geheim")).withPatience(Remotes.SHORT);
      try (Probe probe = new Probe(settings, Network.of(Map.of()), InstantSource.system())) {
        Greeting greeting = probe.greet();
        assertThat(greeting.standing()).isEqualTo(Standing.REFUSED);
        assertThat(greeting.sentence()).contains("not listed in realms").doesNotContain("geheim");
      }
    }
  }
}
