package dev.weir.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import dev.weir.server.tls.TlsFiles;

import static org.assertj.core.api.Assertions.assertThat;

class CertsCommandTest {
  @TempDir private Path folder;

  private record Said(int exit, String out, String err) {}

  private static Said run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commands = WeirCommand.commands().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exit = commands.execute(arguments);
    return new Said(exit, out.toString(), err.toString());
  }

  private Said certs(String... arguments) {
    List<String> all = new ArrayList<>(List.of("certs"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--path", folder.resolve("certs").toString()));
    return run(all.toArray(String[]::new));
  }

  @Test
  void authorityIsMadeOnceAndShown() {
    assertThat(certs("show")).satisfies(said -> {
      assertThat(said.exit()).isEqualTo(1);
      assertThat(said.err()).contains("there is no CA in").doesNotContain("\tat ");
    });
    assertThat(certs("init").out()).contains("made CN=weir CA ",
        "clients are to trust " + folder.resolve("certs/ca.crt"));
    assertThat(certs("init")).satisfies(said -> {
      assertThat(said.exit()).isEqualTo(1);
      assertThat(said.err()).contains("weir never replaces one");
    });
    assertThat(certs("show", "--pem").out()).startsWith("-----BEGIN CERTIFICATE-----")
        .endsWith("-----END CERTIFICATE-----\n");
  }

  @Test
  void issuedCertificateIsUsableAndListed() throws Exception {
    certs("init", "--rsa");
    Said said = certs("issue", "--san", "mirror.example.com", "--san", "10.0.0.1", "--san", "::1");
    assertThat(said.exit()).isZero();
    TlsFiles files = new TlsFiles(folder.resolve("certs/mirror.example.com.crt"),
        folder.resolve("certs/mirror.example.com.key"), Optional.empty(), List.of());
    assertThat(files.load().key().getAlgorithm()).as("as the CA's own").isEqualTo("RSA");
    assertThat(certs("show").out()).contains("a certificate for mirror.example.com, 10.0.0.1, 0:0:0:0:0:0:0:1, valid");
  }

  @Test
  void certificatesGoWhereTheyAreWanted() throws Exception {
    certs("init");
    certs("issue", "--san", "*.apps.example.com", "--out", folder.resolve("out").toString());
    assertThat(Files.exists(folder.resolve("out/_.apps.example.com.crt"))).isTrue();
    assertThat(Files.exists(folder.resolve("out/_.apps.example.com.key"))).isTrue();
  }

  @Test
  void whatCannotBeIssuedIsExplained() {
    certs("init");
    assertThat(certs("issue", "--san", "host:5000")).satisfies(said -> {
      assertThat(said.exit()).isEqualTo(2);
      assertThat(said.err()).contains("host:5000 has a port");
    });
    assertThat(certs("issue", "--san", "h", "--days", "9999").err()).contains("--days is from 1 to 825");
    assertThat(certs("issue", "--san", "ca").err()).contains("would take the place of the CA");
    assertThat(run("certs").err()).contains("which of init, issue and show?");
  }

  @Test
  void configurationSaysWhereTheAuthorityIs() throws Exception {
    Path config = Files.writeString(folder.resolve("weir.yml"), "certs: {path: \"" + folder.resolve("x") + "\"}\n");
    assertThat(run("certs", "init", "--config", config.toString()).exit()).isZero();
    assertThat(Files.exists(folder.resolve("x/ca.crt"))).isTrue();
  }

  @Test
  void checkShowsWhatHoldsWithoutSecretsAndStartsNothing() throws Exception {
    Path config = Files.writeString(folder.resolve("weir.yml"), """
        http: {secret: geheim, adr: x}
        storage: {filesystem: {rootdirectory: "%s"}}
        """.formatted(folder.resolve("data")));
    Said said = run("serve", "--check", config.toString());
    assertThat(said.exit()).isZero();
    assertThat(said.out()).contains("secret: '***'", "tagttl: 10m").doesNotContain("geheim");
    assertThat(said.err()).contains("warning: ", "http.adr: no such key");
    assertThat(Files.exists(folder.resolve("data"))).isFalse();
  }

  @Test
  void checkSaysWhatKeepsWeirFromStarting() throws Exception {
    Path config = Files.writeString(folder.resolve("weir.yml"), "cache: {tagttl: soon, maxsiz: 1}\n");
    Said said = run("serve", "--check", config.toString());
    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.err()).contains("cache.tagttl", "cache.maxsiz: no such key").doesNotContain("\tat ");
    Files.writeString(config, "http: {tls: {certificate: /absent.crt, key: /absent.key}}\n");
    assertThat(run("serve", "--check", config.toString()).err()).contains("/absent.crt is not there");
  }

  @Test
  void checkOfAnAutomaticCertificateMakesNoAuthority() throws Exception {
    Path config = Files.writeString(folder.resolve("weir.yml"),
        "{http: {tls: {auto: true}}, certs: {path: \"" + folder.resolve("certs") + "\"}}\n");
    assertThat(run("serve", "--check", config.toString()).err()).contains("there is no CA in");
    assertThat(Files.exists(folder.resolve("certs"))).isFalse();
  }
}
