package dev.weir.server.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class CertificateReviewTest {
  private static final Path FILE = Path.of("/certs/tls.crt");
  private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");

  @TempDir private Path folder;

  private Issued issuedAt(Instant time) throws Exception {
    Authority authority = Authority.create(new CertsDirectory(folder), KeyKind.P256, InstantSource.fixed(time));
    return authority.issue(SubjectNames.parse(List.of("h")), KeyKind.P256, Duration.ofDays(10));
  }

  @Test
  void certificateAsItShouldBeGivesNoConcern() throws Exception {
    assertThat(CertificateReview.of(FILE, List.of(issuedAt(NOW).certificate()), NOW)).isEmpty();
  }

  @Test
  void endedCertificateIsSaidToBeRefusedByClients() throws Exception {
    Issued issued = issuedAt(NOW.minus(Duration.ofDays(11)));
    assertThat(CertificateReview.of(FILE, List.of(issued.certificate()), NOW)).singleElement().asString()
        .startsWith("/certs/tls.crt: ").contains("ended on 2026-12-31T00:00:00Z").contains("clients refuse it");
  }

  @Test
  void clockThatIsBehindIsThoughtOf() throws Exception {
    Issued issued = issuedAt(NOW);
    assertThat(CertificateReview.of(FILE, List.of(issued.certificate()), Instant.EPOCH)).singleElement().asString()
        .contains("is valid from 2026-12-31T23:00:00Z on", "the clock here says 1970-01-01T00:00:00Z",
            "unless it is the clock here that is wrong");
  }

  @Test
  void commonNameAloneIsLoudlyRefusedInGosWords() throws Exception {
    Issued issued = TestCertificates.commonNameOnly("EC", NOW, Duration.ofDays(1));
    assertThat(CertificateReview.of(FILE, List.of(issued.certificate()), NOW)).singleElement().asString()
        .contains("NO SUBJECT ALTERNATIVE NAME", "CN=old.example.com",
            "x509: certificate relies on legacy Common Name field, use SANs instead");
  }

  @Test
  void chainThatDoesNotFollowIsNoticed() throws Exception {
    Issued issued = issuedAt(NOW);
    Issued stranger = TestCertificates.commonNameOnly("EC", NOW, Duration.ofDays(1));
    assertThat(CertificateReview.of(FILE, List.of(issued.certificate(), stranger.certificate()), NOW)).singleElement()
        .asString().contains("the chain is broken", "CN=old.example.com");
  }

  @Test
  void certificateForClientsIsNoServers() throws Exception {
    TestCertificates ca = TestCertificates.in(folder);
    assertThat(CertificateReview.of(FILE, List.of(ca.client("someone").certificate()), Instant.now()))
        .anySatisfy(concern -> assertThat(concern).contains("lacks serverAuth"));
  }
}
