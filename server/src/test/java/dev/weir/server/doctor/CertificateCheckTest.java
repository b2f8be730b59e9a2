package dev.weir.server.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.doctor.Finding.Level;
import dev.weir.server.tls.Authority;
import dev.weir.server.tls.CertsDirectory;
import dev.weir.server.tls.Issued;
import dev.weir.server.tls.KeyKind;
import dev.weir.server.tls.ServerFiles;
import dev.weir.server.tls.SubjectNames;
import dev.weir.server.tls.TestCertificates;

import static org.assertj.core.api.Assertions.assertThat;

class CertificateCheckTest {
  @TempDir private Path folder;

  private List<Finding> check(String http) throws Exception {
    return check(http, Instant.now());
  }

  private List<Finding> check(String http, Instant now) throws Exception {
    String yaml = "{http: {" + http + "}, certs: {path: '" + folder.resolve("certs") + "'}}";
    return Written
        .advised(new CertificateCheck(Written.config(folder, yaml), Map.of(), InstantSource.fixed(now)).run());
  }

  /** What {@code http.tls} says of a certificate just issued. */
  private String issued(String name, Duration life, String... names) throws Exception {
    CertsDirectory directory = new CertsDirectory(folder.resolve("ca"));
    Authority authority = Authority.exists(directory)
        ? Authority.open(directory, InstantSource.system())
        : Authority.create(directory, KeyKind.P256, InstantSource.system());
    return written(name, authority.issue(SubjectNames.parse(List.of(names)), KeyKind.P256, life));
  }

  private String written(String name, Issued issued) throws Exception {
    ServerFiles files = ServerFiles.write(folder, name, issued);
    return "tls: {certificate: '" + files.certificate() + "', key: '" + files.key() + "'}";
  }

  @Test
  void goodCertificateForTheConfiguredHostIsAllWell() throws Exception {
    String tls = issued("good", Duration.ofDays(300), "weir.test", "*.edge.test", "::1");
    for (String host : List.of("weir.test", "a.edge.test", "[::1]")) {
      List<Finding> findings = check("host: 'https://" + host + "', " + tls);
      assertThat(findings).extracting(Finding::level).containsOnly(Level.OK);
      assertThat(Written.about(findings, "more days").what()).contains("valid for 299 more days");
      Written.about(findings, "clients are to trust CN=weir CA");
    }
  }

  @Test
  void certificateThatEndsSoonIsWarnedOfAndOneThatEndedOrHasNotBegunIsAFailure() throws Exception {
    String tls = "host: 'https://weir.test', " + issued("soon", Duration.ofDays(29), "weir.test");
    assertThat(Written.about(check(tls), "28 more days").level()).isEqualTo(Level.WARN);
    assertThat(Written.about(check(tls, Instant.now().plus(Duration.ofDays(40))), "ended on").level())
        .isEqualTo(Level.FAIL);
    assertThat(Written.about(check(tls, Instant.now().minus(Duration.ofDays(40))), "is valid from").level())
        .isEqualTo(Level.FAIL);
  }

  @Test
  void certificateForAnotherHostIsAFailureAndOneThatLacksAnAddressOfThisMachineAWarning() throws Exception {
    String tls = issued("other", Duration.ofDays(300), "other.test");
    Finding finding = Written.about(check("host: 'https://weir.test', " + tls), "not for http.host weir.test");
    assertThat(finding.level()).isEqualTo(Level.FAIL);
    assertThat(finding.todo()).contains("weir certs issue --san");
    assertThat(Written.about(check(tls), "by which this machine may be called").level()).isEqualTo(Level.WARN);
  }

  @Test
  void commonNameAloneIsAFailure() throws Exception {
    String tls = written("cn", TestCertificates.commonNameOnly("EC", Instant.now(), Duration.ofDays(99)));
    assertThat(Written.about(check(tls), "NO SUBJECT ALTERNATIVE NAME").level()).isEqualTo(Level.FAIL);
  }

  @Test
  void keyOfAnotherCertificateAndAFileThatIsNotThereAreFailures() throws Exception {
    issued("one", Duration.ofDays(300), "one.test");
    issued("two", Duration.ofDays(300), "two.test");
    Files.copy(folder.resolve("two.key"), folder.resolve("one.key"),
        StandardCopyOption.REPLACE_EXISTING);
    String tls = "tls: {certificate: '" + folder.resolve("one.crt") + "', key: '" + folder.resolve("one.key") + "'}";
    assertThat(Written.about(check(tls), "is not that of the certificate").level()).isEqualTo(Level.FAIL);
    Files.delete(folder.resolve("one.crt"));
    assertThat(Written.about(check(tls), "is not there").level()).isEqualTo(Level.FAIL);
  }

  @Test
  void clientAuthoritiesAreReadToo() throws Exception {
    String tls = issued("good", Duration.ofDays(300), "weir.test");
    String good = "'" + folder.resolve("ca/ca.crt") + "'";
    String bad = "'" + Files.writeString(folder.resolve("bad.pem"), "nonsense") + "'";
    List<Finding> findings = check(tls.replace("}", ", clientcas: [" + good + ", " + bad + "]}"));
    assertThat(Written.about(findings, "the client CA CN=weir CA").level()).isEqualTo(Level.OK);
    assertThat(Written.about(findings, "bad.pem holds no certificate").level()).isEqualTo(Level.FAIL);
  }

  @Test
  void automaticCertificateIsLookedAtAndNothingIsMade() throws Exception {
    assertThat(Written.about(check("tls: {auto: true}"), "there is no CA in").level()).isEqualTo(Level.OK);
    assertThat(folder.resolve("certs")).doesNotExist();

    CertsDirectory directory = new CertsDirectory(folder.resolve("certs"));
    Authority.create(directory, KeyKind.P256, InstantSource.system());
    Files.delete(folder.resolve("certs/ca.crt"));
    assertThat(Written.about(check("tls: {auto: true}"), "weir's own CA").level()).isEqualTo(Level.OK);
    assertThat(files("certs")).doesNotContain("ca.crt", "server.pem");
    Instant late = Instant.now().plus(Duration.ofDays(3600));
    assertThat(Written.about(check("tls: {auto: true}", late), "weir's own CA").level()).isEqualTo(Level.WARN);
    late = late.plus(Duration.ofDays(100));
    assertThat(Written.about(check("tls: {auto: true}", late), "ended on").level()).isEqualTo(Level.FAIL);

    Files.move(folder.resolve("certs/ca.pem"), folder.resolve("certs/server.pem"));
    assertThat(Written.about(check("tls: {auto: true}"), "there is no CA in").level()).isEqualTo(Level.FAIL);
  }

  private List<String> files(String name) throws Exception {
    try (Stream<Path> all = Files.list(folder.resolve(name))) {
      return all.map(each -> String.valueOf(each.getFileName())).toList();
    }
  }

  @Test
  void passwordsOverPlainHttpAreWarnedOf() throws Exception {
    Path file = Files.writeString(folder.resolve("htpasswd"), "# nobody\n");
    String yaml = "{auth: {htpasswd: {realm: r, path: '" + file + "'}}, http: {%s}}";
    for (String host : List.of("", "host: 'http://weir.test'")) {
      assertThat(new CertificateCheck(Written.config(folder, yaml.formatted(host)), Map.of(), InstantSource.system())
          .run()).extracting(Finding::level).containsExactly(Level.WARN);
    }
    assertThat(new CertificateCheck(Written.config(folder, yaml.formatted("host: 'https://weir.test'")), Map.of(),
        InstantSource.system()).run()).extracting(Finding::level).containsExactly(Level.OK);
  }
}
