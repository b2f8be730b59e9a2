package dev.weir.server.realclient;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.tls.TestCertificates;
import dev.weir.server.tls.TlsFiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** A site that speaks IPv6: upstream, weir and clients meet on {@code ::1}. */
class Ipv6Test {
  private static final String USER = "user1";

  @TempDir private Path directory;
  private Path certs = Path.of("");
  private @Nullable ServerProcess running;

  @BeforeEach
  void needsIpv6() throws IOException {
    assumeThat(NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses))
        .as("addresses of this machine").anyMatch(Inet6Address.class::isInstance);
    certs = directory.resolve("certs");
    new PasswordFileEditor(directory.resolve("htpasswd")).set(USER, "right".getBytes(StandardCharsets.UTF_8), 4);
  }

  @AfterEach
  void stop() {
    if (running != null) {
      running.kill();
    }
  }

  /** @param sections YAML beside http, auth and storage */
  private ServerProcess start(String address, String host, String sections) throws IOException {
    Path config = Files.writeString(directory.resolve("weir.yml"), """
        version: 0.1
        http: {addr: "%s", host: "https://[::1]:5000", tls: {auto: true}, debug: {addr: "[::1]:0"}}
        certs: {path: "%s"}
        auth: {htpasswd: {realm: six, path: "%s/htpasswd"}}
        storage: {filesystem: {rootdirectory: "%s/data"}}
        %s""".formatted(address, certs, directory, directory, sections));
    ServerProcess server = ServerProcess.start(WeirProgram.command("serve", config.toString()),
        Map.of("NO_PROXY", "::1,127.0.0.1"),
        port -> wire(host, port));
    running = server;
    return server;
  }

  private Wire wire(String host, int port) {
    return new Wire(URI.create("https://" + host + ":" + port),
        TestCertificates.clientTrusting(certs.resolve("ca.crt")));
  }

  private static String basic(String password) {
    return "Basic " + Base64.getEncoder().encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM, "curl", "unshare"})
  void clientsPullThroughFromAnUpstreamAndPush(@TempDir Path target) throws IOException {
    TestImage image = new TestImages(directory).multiArch("team/app", "1.0");
    TestCertificates ca = TestCertificates.in(directory.resolve("upstream-ca"));
    TlsFiles tls = ca.write("tls", ca.issue("::1"));
    Path config = Files.writeString(directory.resolve("registry.yml"), """
        version: 0.1
        storage: {filesystem: {rootdirectory: "%s/upstream"}}
        http: {addr: "[::1]:0", secret: x, tls: {certificate: "%s", key: "%s"}}
        """.formatted(directory, tls.certificate(), tls.key()));
    IntFunction<Wire> wires = port -> new Wire(URI.create("https://[::1]:" + port),
        TestCertificates.clientTrusting(ca.authority()));
    ServerProcess upstream = ServerProcess.start(List.of(DockerRegistryProcess.PROGRAM, "serve", config.toString()),
        Map.of(), wires);
    try {
      new RegistryFiller(wires.apply(upstream.port())).push(image);
      ServerProcess server = start("[::1]:0", "[::1]", "upstreams: {hub: {remoteurl: \"https://[::1]:" + upstream.port()
          + "\", cafile: \"" + ca.authority() + "\"}}\n");
      assertThat(server.log().toString()).contains("listening on [::1]:" + server.port());
      assertPulledAndPushed(server.port(), image, target);
    } finally {
      upstream.kill();
    }
  }

  /**
   * podman and skopeo of Debian 12 read no IPv6 address in an image's name, so they get a name for it, in an /etc/hosts
   * that they alone see.
   */
  private Outcome bySix(ClientHome home, String... words) throws IOException {
    Path hosts = Files.writeString(directory.resolve("hosts"), "::1 localhost\n");
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c",
        "mount --bind \"$0\" /etc/hosts && exec \"$@\"", hosts.toString()));
    command.addAll(List.of(words));
    return new Command(command, home.environment(), Duration.ofMinutes(3)).run();
  }

  private void assertPulledAndPushed(int port, TestImage image, Path target) throws IOException {
    ClientHome home = ClientHome.in(directory.resolve("home"));
    String host = "localhost:" + port;
    Path trusting = Files.createDirectory(directory.resolve("trusting"));
    Files.copy(certs.resolve("ca.crt"), trusting.resolve("ca.crt"));
    bySix(home, "skopeo", "--policy", home.policy().toString(), "copy", "-q", "--all", "--preserve-digests",
        "--src-cert-dir", trusting.toString(), "--src-creds", USER + ":right", "docker://" + host + "/hub/" + image,
        "dir:" + target).orFail();
    new DirImage(target).assertHolds(image);
    bySix(home, "podman", "login", "--cert-dir", trusting.toString(), "-u", USER, "-p", "right", host).orFail();
    bySix(home, "skopeo", "--policy", home.policy().toString(), "copy", "-q", "--all", "--preserve-digests",
        "--dest-cert-dir", trusting.toString(), "dir:" + target, "docker://" + host + "/team/pushed:1").orFail();
    Outcome curl = new Command(List.of("curl", "-s", "-i", "--noproxy", "*", "--cacert", certs.resolve("ca.crt")
        .toString(), "-u", USER + ":right"), Map.of(), Duration.ofMinutes(1))
        .run("https://[::1]:" + port + "/v2/team/pushed/tags/list").orFail();
    assertThat(curl.stdout()).contains("200 OK", "\"1\"");
  }

  /** containerd names the registry that it believes to be talking to. */
  @Test
  void addressOfTheCertificateIsAnOwnName() throws IOException {
    ServerProcess server = start("[::1]:0", "[::1]", "upstreams: {hub: {remoteurl: \"http://[::1]:1\"}}\n");
    for (String own : List.of("[::1]:5000", "[0:0:0::1]", "localhost")) {
      assertThat(answer(server, own)).as(own).contains("MANIFEST_UNKNOWN");
    }
    for (String other : List.of("[::2]:5000", "[::1]:5001", "[fe80::1]")) {
      assertThat(answer(server, other)).as(other).contains("NAME_UNKNOWN");
    }
  }

  private String answer(ServerProcess server, String namespace) {
    String path = "/v2/a/b/manifests/1?ns=" + namespace.replace("[", "%5B").replace("]", "%5D");
    return new String(wire("[::1]", server.port()).get(path, "Authorization", basic("right")).body(),
        StandardCharsets.UTF_8);
  }

  @Test
  void allAddressesMeanBothFamiliesAndEachClientIsKnownByItsOwn() throws Exception {
    ServerProcess server = start("[::]:0", "127.0.0.1", "");
    Wire four = wire("127.0.0.1", server.port());
    Wire six = wire("[::1]", server.port());
    assertThat(four.get("/v2/", "Authorization", basic("right")).statusCode()).isEqualTo(200);
    assertThat(six.get("/v2/", "Authorization", basic("right")).statusCode()).isEqualTo(200);
    int status = 401;
    for (int i = 0; status == 401 && i < 50; i++) {
      status = six.get("/v2/", "Authorization", basic("wrong " + i)).statusCode();
    }
    assertThat(status).as("guesses from ::1").isEqualTo(429);
    assertThat(four.get("/v2/", "Authorization", basic("wrong too")).statusCode()).as("from 127.0.0.1").isEqualTo(401);
    for (String address : List.of("127.0.0.1", InetAddress.ofLiteral("::1").getHostAddress())) {
      assertThat(server.log().await(Pattern.compile(" 200 .* " + USER + " \\w+ " + Pattern.quote(address) + "$"),
          Duration.ofSeconds(20))).as("access log of " + address).isPresent();
    }
  }
}
