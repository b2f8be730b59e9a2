package dev.weir.server.realclient;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.tls.TestCertificates;

import static org.assertj.core.api.Assertions.assertThat;

/** A weir that issues its own certificate, and clients that were given its CA, or were not. */
class TlsClientsTest {
  private static final String OPENSSL = "openssl";
  private static Path directory;
  private static Path authority;
  private static Path trusting;
  private static WeirProcess weir;
  private static WeirProcess onJdk;
  private static TestImage image;

  @BeforeAll
  static void start(@TempDir Path made) throws IOException {
    directory = made;
    authority = directory.resolve("certs/ca.crt");
    image = new TestImages(directory).multiArch("team/app", "1.0");
    weir = start("auto");
    onJdk = start("jdk");
    new RegistryFiller(weir.wire()).push(image);
    trusting = Files.createDirectory(directory.resolve("trusting"));
    Files.copy(authority, trusting.resolve("ca.crt"));
  }

  private static WeirProcess start(String provider) throws IOException {
    Path home = Files.createDirectory(directory.resolve(provider));
    return WeirProcess.startTls(home, home.resolve("data"), "{auto: true, provider: " + provider + "}",
        "certs: {path: \"" + directory.resolve("certs") + "\"}", () -> TestCertificates.clientTrusting(authority));
  }

  @AfterAll
  static void stop() {
    weir.close();
    onJdk.close();
  }

  @Test
  void authorityIsMadeOnceLoudlyAndBothServersUseIt() {
    assertThat(weir.log().toString()).contains("THERE WAS NO CA IN " + directory.resolve("certs"),
        authority.toString());
    assertThat(onJdk.log().toString()).doesNotContain("THERE WAS NO CA").contains("TLS by the JDK");
  }

  @Test
  @NeedsPrograms(Podman.PROGRAM)
  void podmanThatTrustsTheAuthorityPullsAndPushes() {
    Podman podman = new Podman(ClientHome.in(directory.resolve("home")));
    String name = weir.hostAndPort() + "/" + image;
    String[] trusted = {"--tls-verify=true", "--cert-dir", trusting.toString()};

    podman.run(all("pull", trusted, "--signature-policy", policy(), name)).orFail();
    String pushed = weir.hostAndPort() + "/team/pushed:1";
    podman.run("tag", name, pushed).orFail();
    podman.run(all("push", trusted, "--signature-policy", policy(), pushed)).orFail();

    assertThat(weir.wire().head("/v2/team/pushed/manifests/1", "Accept", "*/*").statusCode()).isEqualTo(200);
  }

  @Test
  @NeedsPrograms(Podman.PROGRAM)
  void podmanThatDoesNotTrustTheAuthorityRefuses() {
    Podman podman = new Podman(ClientHome.in(directory.resolve("stranger")));
    Outcome pull = podman.run("pull", "--tls-verify=true", "--signature-policy", directory.resolve(
        "stranger/policy.json").toString(), weir.hostAndPort() + "/" + image);
    assertThat(pull.exit()).isNotZero();
    assertThat(pull.stderr()).contains("x509: certificate signed by unknown authority");
  }

  private static String policy() {
    return directory.resolve("home/policy.json").toString();
  }

  private static String[] all(String command, String[] flags, String... more) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of(flags));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @ParameterizedTest
  @NeedsPrograms(OPENSSL)
  @CsvSource(delimiter = '|', value = {
      "-tls1_3 | New, TLSv1.3, Cipher is TLS_AES_",
      "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256 | Cipher is TLS_AES_128_GCM_SHA256",
      "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256 | Cipher is TLS_CHACHA20_POLY1305_SHA256",
      "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256 | TLSv1.2, Cipher is ECDHE-ECDSA-AES128-GCM-SHA256",
      "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384 | Cipher is ECDHE-ECDSA-AES256-GCM-SHA384",
      "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305 | Cipher is ECDHE-ECDSA-CHACHA20-POLY1305",
      "-alpn h2,http/1.1 | ALPN protocol: http/1.1", "-status | OCSP response: no response sent",
      "-tls1_2 | Compression: NONE", "-verify_ip 127.0.0.1 | Verify return code: 0 (ok)",
      "-verify_hostname localhost | Verify return code: 0 (ok)", "-verify_ip ::1 | Verify return code: 0 (ok)",
      "-x509_strict -purpose sslserver | Verify return code: 0 (ok)", "-tls1_2 | Secure Renegotiation IS supported",
      "-tls1_2 | Extended master secret: yes", "-tls1_3 | Early data was not sent", "-tls1_3 | Compression: NONE",
      "-groups X25519 | Server Temp Key: X25519", "-groups P-256 | Server Temp Key: ECDH, prime256v1",
      "-tls1_2 -no_ticket | Verify return code: 0 (ok)", "-noservername | Verify return code: 0 (ok)",
      "-servername other.example.com | Verify return code: 0 (ok)", "-no_ssl3 -legacy_server_connect | TLSv1.3",
      "-alpn h2 | No ALPN negotiated",
      "-showcerts | No client certificate CA names sent"})
  void whatIsSpoken(String flags, String shown) {
    for (WeirProcess each : List.of(weir, onJdk)) {
      assertThat(sClient(each, flags).orFail().stdout()).contains(shown);
    }
  }

  @ParameterizedTest
  @NeedsPrograms(OPENSSL)
  @CsvSource({"-tls1 -cipher DEFAULT@SECLEVEL=0", "-tls1_1 -cipher DEFAULT@SECLEVEL=0", "-tls1_2 -cipher AES128-SHA",
      "-tls1_2 -cipher AES128-GCM-SHA256", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA",
      "-tls1_2 -cipher ECDHE-ECDSA-AES256-SHA384", "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256",
      "-tls1_2 -cipher eNULL@SECLEVEL=0", "-tls1_2 -cipher aNULL@SECLEVEL=0", "-tls1_2 -cipher PSK",
      "-tls1_2 -cipher CAMELLIA:ARIA:SEED:3DES:RC4@SECLEVEL=0", "-tls1_2 -cipher ECDHE-ECDSA-AES128-CCM",
      "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256", "-tls1_3 -ciphersuites TLS_AES_128_CCM_8_SHA256",
      "-verify_hostname other.example.com", "-verify_ip 192.0.2.1"})
  void whatIsNotSpoken(String flags) {
    for (WeirProcess each : List.of(weir, onJdk)) {
      assertThat(sClient(each, flags).exit()).as(flags).isNotZero();
    }
  }

  @Test
  @NeedsPrograms({OPENSSL, "sh"})
  void certificateSaysWhomItIsForAndAsksNobodyElse() {
    for (WeirProcess each : List.of(weir, onJdk)) {
      String shown = "openssl s_client -showcerts -connect " + each.hostAndPort() + " </dev/null 2>/dev/null";
      String said = sh(shown + " | openssl x509 -noout -ext subjectAltName,keyUsage,extendedKeyUsage,basicConstraints,"
          + "authorityInfoAccess,crlDistributionPoints -ocsp_uri -subject");
      assertThat(said).contains("DNS:localhost", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1",
          "Digital Signature", "TLS Web Server Authentication", "CA:FALSE").doesNotContain("OCSP", "URI:", "http",
              "TLS Web Client", "Certificate Sign");
      assertThat(sh(shown + " | grep -c 'BEGIN CERTIFICATE'").strip()).as("its own, for a CA that clients have")
          .isIn("1", "2");
    }
  }

  private static String sh(String line) {
    return new Command(List.of("sh", "-c"), Map.of(), Duration.ofMinutes(1)).run(line).orFail().stdout();
  }

  @Test
  @NeedsPrograms({OPENSSL, "sh"})
  void clientsBeginNoSecondHandshake() {
    for (WeirProcess each : List.of(weir, onJdk)) {
      String line = "(echo R; sleep 5) | timeout 20 openssl s_client -tls1_2 -connect " + each.hostAndPort()
          + " -CAfile " + authority;
      Outcome outcome = new Command(List.of("sh", "-c"), Map.of(), Duration.ofMinutes(1)).run(line);
      assertThat(outcome.stderr()).containsPattern("(?s)RENEGOTIATING.*(no renegotiation|alert handshake failure)");
    }
  }

  @Test
  @NeedsPrograms(OPENSSL)
  void whoeverWasNotGivenTheAuthorityDoesNotTrustTheServer() {
    Outcome outcome = new Command(List.of(OPENSSL), Map.of(), Duration.ofMinutes(1)).run("s_client", "-connect",
        weir.hostAndPort(), "-verify_return_error", "-no-CAfile", "-no-CApath", "-no-CAstore");
    assertThat(outcome.exit()).isNotZero();
    assertThat(outcome.stderr()).contains("unable to get local issuer certificate");
  }

  @Test
  void plainHttpIsToldThatThePortSpeaksTls() {
    assertThat(new Wire(URI.create("http://" + weir.hostAndPort())).get("/v2/").statusCode()).isEqualTo(400);
  }

  private static Outcome sClient(WeirProcess server, String flags) {
    List<String> words = new ArrayList<>(List.of("s_client", "-connect", server.hostAndPort(), "-CAfile", authority
        .toString(), "-verify_return_error"));
    words.addAll(List.of(flags.split(" ", -1)));
    return new Command(List.of(OPENSSL), Map.of(), Duration.ofMinutes(1)).run(words);
  }
}
