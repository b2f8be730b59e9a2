package dev.weir.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CertificateWatchTest {
  @TempDir private Path folder;
  private TestCertificates ca;
  private TlsFiles files;
  private Issued first;
  private CertificateWatch watch;
  private final List<X509Certificate> taken = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void begin() throws IOException {
    ca = TestCertificates.in(folder);
    first = ca.local();
    files = ca.write("tls", first);
    watch = CertificateWatch.begin(files, InstantSource.system(), material -> taken.add(material.certificate()),
        new Journal(note -> {}, warnings::add));
  }

  private void lookOften() {
    for (int i = 0; i < 5; i++) {
      watch.look();
    }
  }

  @Test
  void whatIsThereIsTakenOnceAndWhatIsNewOnceMore() throws Exception {
    lookOften();
    assertThat(taken).containsExactly(first.certificate());
    Issued second = ca.local();
    ca.write("tls", second);
    lookOften();
    assertThat(taken).containsExactly(first.certificate(), second.certificate());
    assertThat(warnings).isEmpty();
  }

  @Test
  void keyWithoutItsCertificateKeepsTheOldPairAndSaysSoOnce() throws Exception {
    Issued second = ca.local();
    Files.writeString(files.key(), second.keyPem());
    watch.look();
    assertThat(warnings).as("the certificate may be on its way").isEmpty();
    lookOften();
    assertThat(warnings).singleElement().asString().contains("is not that of the certificate",
        "the certificate that was in use stays in use");
    Files.writeString(files.certificate(), second.certificatePem());
    watch.look();
    assertThat(taken).containsExactly(first.certificate(), second.certificate());
  }

  @Test
  void halfWrittenAndMissingFilesKeepTheOldPair() throws Exception {
    Issued second = ca.local();
    String whole = second.certificatePem();
    Files.writeString(files.certificate(), whole.substring(0, whole.length() / 2));
    lookOften();
    Files.delete(files.key());
    lookOften();
    assertThat(warnings).hasSize(2).allSatisfy(warning -> assertThat(warning).endsWith("stays in use"));
    assertThat(warnings.getLast()).contains(files.key() + " is not there");
    Files.writeString(files.key(), second.keyPem());
    Files.writeString(files.certificate(), whole);
    watch.look();
    assertThat(taken).endsWith(second.certificate()).hasSize(2);
  }

  @Test
  void oldPairThatComesBackIsAsIfNothingHadBeen() throws Exception {
    Files.writeString(files.certificate(), "junk");
    lookOften();
    Files.writeString(files.certificate(), first.certificatePem());
    lookOften();
    Files.writeString(files.certificate(), "junk");
    lookOften();
    assertThat(warnings).hasSize(2);
    assertThat(taken).hasSize(1);
  }

  @Test
  void changeBehindASymbolicLinkIsSeenEvenWithTheSameTimeAndSize() throws Exception {
    Path links = Files.createDirectory(folder.resolve("mounted"));
    for (String version : List.of("v1", "v2")) {
      Path data = Files.createDirectory(links.resolve(version));
      Issued issued = version.equals("v1") ? first : ca.local();
      Files.writeString(data.resolve("tls.crt"), issued.certificatePem());
      Files.writeString(data.resolve("tls.key"), issued.keyPem());
    }
    Path data = Files.createSymbolicLink(links.resolve("..data"), Path.of("v1"));
    files = new TlsFiles(data.resolve("tls.crt"), data.resolve("tls.key"), Optional.empty(), List.of());
    taken.clear();
    watch = CertificateWatch.begin(files, InstantSource.system(), material -> taken.add(material.certificate()),
        new Journal(note -> {}, warnings::add));
    Path fresh = Files.createSymbolicLink(links.resolve("..tmp"), Path.of("v2"));
    Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    watch.look();
    assertThat(taken).hasSize(2);
  }

  @Test
  void pairThatCannotBeServedKeepsTheOldOne() throws Exception {
    List<TlsMaterial> offered = new ArrayList<>();
    watch = CertificateWatch.begin(files, InstantSource.system(), material -> {
      offered.add(material);
      if (offered.size() > 1) {
        throw new TlsException("no such curve");
      }
    }, new Journal(note -> {}, warnings::add));
    ca.write("tls", ca.local());
    lookOften();
    assertThat(warnings).containsExactly("no such curve; the certificate that was in use stays in use");
  }

  @Test
  void endedCertificateDoesNotTakeTheGoodOnesPlace() throws Exception {
    Issued ended = TestCertificates.commonNameOnly("EC", Instant.now().minus(Duration.ofDays(2)), Duration.ofDays(1));
    ca.write("tls", ended);
    lookOften();
    assertThat(taken).hasSize(1);
    assertThat(warnings).singleElement().asString().contains("ended on", "stays in use");
  }

  @Test
  void endedCertificateIsServedWhenThereIsNoOther() throws Exception {
    Issued ended = TestCertificates.commonNameOnly("EC", Instant.now().minus(Duration.ofDays(2)), Duration.ofDays(1));
    ca.write("tls", ended);
    CertificateWatch.begin(files, InstantSource.system(), material -> taken.add(material.certificate()),
        new Journal(note -> {}, warnings::add));
    assertThat(taken).endsWith(ended.certificate());
    assertThat(warnings).hasSize(2);
  }

  @Test
  void thereIsNoBeginningWithFilesOfNoUse() throws Exception {
    Files.writeString(files.key(), "junk");
    assertThatThrownBy(() -> CertificateWatch.begin(files, InstantSource.system(), material -> {},
        new Journal(note -> {}, warnings::add))).isInstanceOf(TlsException.class);
  }
}
