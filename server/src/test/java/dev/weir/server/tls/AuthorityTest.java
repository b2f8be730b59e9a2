package dev.weir.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AuthorityTest {
  private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @TempDir private Path folder;
  private CertsDirectory directory;

  @BeforeEach
  void name() {
    directory = new CertsDirectory(folder.resolve("certs"));
  }

  @Test
  void authorityMaySignServersAndNothingElse() throws Exception {
    X509Certificate ca = Authority.create(directory, KeyKind.P256, CLOCK).certificate();
    assertThat(ca.getBasicConstraints()).as("path length").isZero();
    assertThat(ca.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false, false);
    assertThat(ca.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
    assertThat(ca.getNotAfter().toInstant()).isEqualTo(NOW.plus(Authority.LIFE));
    assertThat(ca.getSubjectX500Principal().getName()).startsWith("CN=weir CA ").endsWith(",O=weir");
    ca.verify(ca.getPublicKey());
  }

  @ParameterizedTest
  @CsvSource({"P256, EC, 1", "RSA, RSA, 3"})
  void serversCertificateHasNamesUsageAndASensibleLife(KeyKind kind, String algorithm, int usages) throws Exception {
    Authority authority = Authority.create(directory, KeyKind.P256, CLOCK);
    SubjectNames names = SubjectNames.parse(List.of("Mirror.example.com", "*.apps.example.com", "10.0.0.1", "fd00::1"));
    X509Certificate issued = authority.issue(names, kind, Authority.SERVER_LIFE).certificate();
    assertThat(SubjectNames.of(issued)).isEqualTo(names).hasToString(
        "mirror.example.com, *.apps.example.com, 10.0.0.1, fd00:0:0:0:0:0:0:1");
    assertThat(issued.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(issued.getBasicConstraints()).as("no CA").isEqualTo(-1);
    assertThat(issued.getKeyUsage()[0]).as("digital signature").isTrue();
    assertThat(issued.getKeyUsage()[2]).as("key encipherment").isEqualTo(usages == 3);
    assertThat(issued.getPublicKey().getAlgorithm()).isEqualTo(algorithm);
    assertThat(issued.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(397)));
    assertThat(issued.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    issued.verify(authority.certificate().getPublicKey());
  }

  @Test
  void rsaAuthorityIssuesRsaByItself() throws Exception {
    assertThat(Authority.create(directory, KeyKind.RSA, CLOCK).kind()).isEqualTo(KeyKind.RSA);
    assertThat(Authority.open(directory, CLOCK).kind()).isEqualTo(KeyKind.RSA);
  }

  @Test
  void serversCertificateDoesNotOutliveItsAuthority() throws Exception {
    X509Certificate ca = Authority.create(directory, KeyKind.P256, CLOCK).certificate();
    InstantSource late = InstantSource.fixed(ca.getNotAfter().toInstant().minus(Duration.ofDays(10)));
    Issued issued = Authority.open(directory, late).issue(SubjectNames.parse(List.of("h")), KeyKind.P256,
        Authority.SERVER_LIFE);
    assertThat(issued.certificate().getNotAfter()).isEqualTo(ca.getNotAfter());
    InstantSource after = InstantSource.fixed(ca.getNotAfter().toInstant().plusSeconds(1));
    assertThatThrownBy(() -> Authority.open(directory, after).issue(SubjectNames.parse(List.of("h")), KeyKind.P256,
        Authority.SERVER_LIFE)).hasMessageContaining("ended on");
  }

  @Test
  void authorityIsNeverReplaced() throws Exception {
    X509Certificate made = Authority.create(directory, KeyKind.P256, CLOCK).certificate();
    assertThatThrownBy(() -> Authority.create(directory, KeyKind.P256, CLOCK)).isInstanceOf(TlsException.class)
        .hasMessageContaining("there is a CA in " + directory.path());
    assertThat(Authority.open(directory, CLOCK).certificate()).isEqualTo(made);
    Files.delete(directory.file("ca.pem"));
    assertThatThrownBy(() -> Authority.create(directory, KeyKind.P256, CLOCK)).isInstanceOf(TlsException.class);
    assertThatThrownBy(() -> Authority.open(directory, CLOCK)).hasMessageContaining("bring it back from a backup");
  }

  @Test
  void fileForClientsIsMadeAgainFromTheAuthority() throws Exception {
    Authority made = Authority.create(directory, KeyKind.P256, CLOCK);
    Files.delete(made.file());
    Authority.open(directory, CLOCK);
    assertThat(Files.readString(made.file())).isEqualTo(made.pem());
  }

  @Test
  void nobodyElseCanReadWhatIsKept() throws Exception {
    Files.createDirectories(directory.path());
    Files.setPosixFilePermissions(directory.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
    Authority authority = Authority.create(directory, KeyKind.P256, CLOCK);
    ServerFiles.write(directory.path(), "h", authority.issue(SubjectNames.parse(List.of("h")), KeyKind.P256,
        Authority.SERVER_LIFE));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path()))).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(directory.path())) {
      assertThat(files).extracting(file -> String.valueOf(file.getFileName()))
          .containsExactlyInAnyOrder("ca.pem", "ca.crt", "h.crt", "h.key", ".lock");
    }
    for (String name : List.of("ca.pem", "ca.crt", "h.crt", "h.key")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.file(name))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void clockThatCannotBeRightMakesNoCertificates() {
    assertThatThrownBy(() -> Authority.create(directory, KeyKind.P256, InstantSource.fixed(Instant.EPOCH)))
        .hasMessageContaining("the clock says 1970-01-01T00:00:00Z");
    assertThat(Authority.exists(directory)).isFalse();
  }

  @Test
  void noAuthorityIsSaidPlainly() {
    assertThatThrownBy(() -> Authority.open(directory, CLOCK)).isInstanceOf(IOException.class)
        .hasMessage("there is no CA in " + directory.path() + "; weir certs init makes one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"host:5000", "[::1]:5000", "10.0.0.1:5000", "a b", "", "-", "http://h", "1.2.3.400", "::g",
      "a..b", "*.*.b", "a.*"})
  void whatIsNoNameIsRefused(String text) {
    assertThatThrownBy(() -> SubjectNames.parse(List.of(text))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void addressesAreTheSameHoweverTheyAreWritten() {
    assertThat(SubjectNames.parse(List.of("[::1]", "::1", "0:0::1", "LOCALHOST", "localhost")))
        .hasToString("localhost, 0:0:0:0:0:0:0:1");
  }
}
