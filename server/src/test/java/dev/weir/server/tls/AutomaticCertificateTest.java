package dev.weir.server.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AutomaticCertificateTest {
  @TempDir private Path folder;
  private Instant now = Instant.parse("2027-01-01T00:00:00Z");
  private List<String> names = List.of("weir.example.com", "10.0.0.5");
  private final List<String> notes = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private AutomaticCertificate automatic;

  @BeforeEach
  void make() {
    automatic = new AutomaticCertificate(new CertsDirectory(folder), () -> SubjectNames.parse(names), () -> now,
        new Journal(notes::add, warnings::add));
  }

  private X509Certificate ensured() throws Exception {
    automatic.ensure();
    return automatic.files().load().certificate();
  }

  private X509Certificate authority() throws Exception {
    return Authority.open(new CertsDirectory(folder), () -> now).certificate();
  }

  @Test
  void firstStartMakesAnAuthorityLoudlyAndACertificateForTheHost() throws Exception {
    X509Certificate made = ensured();
    assertThat(SubjectNames.of(made)).hasToString("weir.example.com, 10.0.0.5");
    made.verify(authority().getPublicKey());
    assertThat(warnings).singleElement().asString().contains("THERE WAS NO CA", folder.resolve("ca.crt").toString());
    assertThat(ensured()).as("the second start").isEqualTo(made);
    assertThat(warnings).hasSize(1);
  }

  @Test
  void certificateIsRenewedWhenAThirdOfItsLifeIsLeftByTheSameAuthority() throws Exception {
    X509Certificate made = ensured();
    X509Certificate ca = authority();
    Duration life = Duration.between(made.getNotBefore().toInstant(), made.getNotAfter().toInstant());
    now = made.getNotAfter().toInstant().minus(life.dividedBy(3)).minusSeconds(1);
    assertThat(ensured()).isEqualTo(made);
    now = now.plusSeconds(2);
    X509Certificate renewed = ensured();
    assertThat(renewed.getNotAfter()).isAfter(made.getNotAfter());
    assertThat(authority()).isEqualTo(ca);
    assertThat(warnings).hasSize(1);
    assertThat(notes).last().asString().contains("near its end");
  }

  @Test
  void newNameOrAddressOfTheHostGivesANewCertificateAndALostOneDoesNot() throws Exception {
    X509Certificate made = ensured();
    names = List.of("weir.example.com");
    assertThat(ensured()).isEqualTo(made);
    names = List.of("weir.example.com", "fd00::5");
    assertThat(SubjectNames.of(ensured())).hasToString("weir.example.com, fd00:0:0:0:0:0:0:5");
  }

  @Test
  void brokenCertificateIsMadeAnew() throws Exception {
    ensured();
    Files.writeString(folder.resolve("server.pem"), "junk");
    assertThat(SubjectNames.of(ensured())).hasToString("weir.example.com, 10.0.0.5");
    assertThat(notes).last().asString().contains("of no use");
  }

  @Test
  void lostAuthorityIsNeverReplacedSilently() throws Exception {
    ensured();
    Files.delete(folder.resolve("ca.pem"));
    assertThatThrownBy(() -> automatic.ensure()).isInstanceOf(TlsException.class).hasMessageContaining("ca.pem");
    Files.delete(folder.resolve("ca.crt"));
    assertThatThrownBy(() -> automatic.ensure()).isInstanceOf(TlsException.class)
        .hasMessageContaining("the CA that issued " + folder.resolve("server.pem") + " is gone");
  }

  @Test
  void authorityNearItsEndIsWarnedOfOnce() throws Exception {
    ensured();
    now = authority().getNotAfter().toInstant().minus(Duration.ofDays(300));
    automatic.ensure();
    automatic.ensure();
    assertThat(warnings).hasSize(2).last().asString().contains("ENDS ON");
  }

  @Test
  void clockInThePastDoesNotKeepACertificateThatIsThereFromBeingUsed() throws Exception {
    X509Certificate made = ensured();
    now = Instant.EPOCH;
    assertThat(ensured()).isEqualTo(made);
  }
}
