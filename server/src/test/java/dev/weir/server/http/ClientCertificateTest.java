package dev.weir.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.Loaded;
import dev.weir.server.tls.TestCertificates;
import dev.weir.server.wiring.Weir;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.fs.FsObjectStore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** A client's certificate as its identity, in a whole weir. */
class ClientCertificateTest {
  private static final String NOBODY = "Authorization: Basic Og==";
  private static final String RULES = """
      rules:
        - {users: [node-7], repositories: ["nodes/**"], actions: [pull]}
        - {users: [alice], repositories: ["people/**"], actions: [pull]}
      """;

  @TempDir private Path folder;
  @SuppressWarnings("NullAway.Init") // set before each test
  private TestCertificates ca;

  @BeforeEach
  void make() throws IOException {
    ca = TestCertificates.in(folder.resolve("ca"));
    ca.write("tls", ca.local());
  }

  private Loaded configuration(String mode, String sections) throws Exception {
    Path config = Files.writeString(folder.resolve("weir.yml"), """
        http: {addr: "127.0.0.1:0", tls: {certificate: "%1$s/ca/tls.crt", key: "%1$s/ca/tls.key",
          clientcas: ["%1$s/ca/ca.crt"], clientauth: %2$s}}
        storage: {filesystem: {rootdirectory: "%1$s/data"}}
        %3$s""".formatted(folder, mode, sections));
    Files.createDirectories(folder.resolve("data"));
    return ConfigLoader.load(config, Map.of());
  }

  private static int status(Weir weir, SSLContext context, String path, String... headers) throws IOException {
    try (RawClient client = new RawClient(
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), weir.port()))) {
      return client.get(path, headers).status();
    }
  }

  @Test
  void certificatesNameIsWhatRulesSpeakOf() throws Exception {
    Loaded loaded = configuration("require-and-verify-client-cert", RULES);
    assertThat(loaded.warnings()).isEmpty();
    try (Weir weir = Weir.start(loaded.config(), Map.of())) {
      SSLContext node = ca.clientWith(ca.client("node-7"));
      assertThat(status(weir, node, "/v2/")).isEqualTo(200);
      assertThat(status(weir, node, "/v2/nodes/app/manifests/v1")).isEqualTo(404);
      assertThat(status(weir, node, "/v2/people/app/manifests/v1")).isEqualTo(403);
      SSLContext other = ca.clientWith(ca.client("node-8"));
      assertThat(status(weir, other, "/v2/nodes/app/manifests/v1")).isEqualTo(403);
    }
  }

  @Test
  void whatOneCertificateGotIsNotGivenToAnother() throws Exception {
    byte[] content = """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""".getBytes(UTF_8);
    Manifest manifest = new Manifest("application/vnd.oci.image.index.v1+json",
        Digest.of(Digest.Algorithm.SHA256, content), content);
    Loaded loaded = configuration("verify-client-cert-if-given", RULES);
    try (FsObjectStore store = new FsObjectStore(folder.resolve("data"))) {
      Content.of(store).manifests().putOwned(RepositoryName.parse("nodes/app"), manifest);
    }
    String path = "/v2/nodes/app/manifests/" + manifest.digest();
    try (Weir weir = Weir.start(loaded.config(), Map.of())) {
      for (int i = 0; i < 3; i++) {
        assertThat(status(weir, ca.clientWith(ca.client("node-7")), path)).isEqualTo(200);
        assertThat(status(weir, ca.clientWith(ca.client("node-8")), path)).isEqualTo(403);
        assertThat(status(weir, ca.client(), path)).isEqualTo(403);
      }
    }
  }

  @Test
  void withoutRulesWhoeverHasACertificateMayDoEverything() throws Exception {
    Loaded loaded = configuration("require-and-verify-client-cert", "pullsecret: /absent\n");
    assertThat(loaded.warnings()).as("the door is not open").isEmpty();
    try (Weir weir = Weir.start(configuration("require-and-verify-client-cert", "").config(), Map.of())) {
      assertThat(status(weir, ca.clientWith(ca.client("node-7")), "/metrics")).isEqualTo(200);
    }
  }

  @Test
  void passwordsGoBesideCertificatesAndBeforeThem() throws Exception {
    Path htpasswd = folder.resolve("htpasswd");
    new PasswordFileEditor(htpasswd).set("alice", "secret".getBytes(UTF_8), 4);
    String auth = "auth: {htpasswd: {path: \"" + htpasswd + "\"}}\n";
    String alice = "Authorization: Basic YWxpY2U6c2VjcmV0";
    try (Weir weir = Weir.start(configuration("verify-client-cert-if-given", auth + RULES).config(), Map.of())) {
      SSLContext node = ca.clientWith(ca.client("node-7"));
      assertThat(status(weir, ca.client(), "/v2/")).isEqualTo(401);
      assertThat(status(weir, ca.client(), "/v2/people/app/manifests/v1", alice)).isEqualTo(404);
      assertThat(status(weir, node, "/v2/")).isEqualTo(200);
      assertThat(status(weir, node, "/v2/nodes/app/manifests/v1", NOBODY)).isEqualTo(404);
      assertThat(status(weir, node, "/v2/people/app/manifests/v1", alice)).isEqualTo(404);
      assertThat(status(weir, node, "/v2/nodes/app/manifests/v1", alice)).isEqualTo(403);
      assertThat(status(weir, node, "/v2/", "Authorization: Basic YWxpY2U6d3Jvbmc=")).isEqualTo(401);
    }
  }
}
