package dev.weir.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TlsFilesTest {
  private static final String PASSPHRASE = "open sesame";
  private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

  @TempDir private Path folder;
  private Path certificate;
  private Path key;

  @BeforeEach
  void name() {
    certificate = folder.resolve("tls.crt");
    key = folder.resolve("tls.key");
  }

  private TlsFiles files() {
    return new TlsFiles(certificate, key, Optional.empty(), List.of());
  }

  private TlsFiles filesWithPassphrase(String text) throws IOException {
    Path passphrase = Files.writeString(folder.resolve("passphrase"), text);
    return new TlsFiles(certificate, key, Optional.of(passphrase), List.of());
  }

  private PrivateKey selfSigned(String algorithm) throws Exception {
    Issued issued = TestCertificates.commonNameOnly(algorithm, Instant.now().minusSeconds(60), Duration.ofDays(1));
    Files.writeString(certificate, issued.certificatePem());
    return issued.key();
  }

  /** The JDK's EC keys are equal only if they were written alike. */
  private static void assertSame(PrivateKey read, PrivateKey made) {
    if (made instanceof ECPrivateKey ec) {
      assertThat(read).isInstanceOfSatisfying(ECPrivateKey.class, key -> {
        assertThat(key.getS()).isEqualTo(ec.getS());
        assertThat(key.getParams().getCurve()).isEqualTo(ec.getParams().getCurve());
      });
    } else {
      assertThat(read).isEqualTo(made);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void keysInTheirOldFormsAreRead(String algorithm) throws Exception {
    PrivateKey made = selfSigned(algorithm);
    Files.writeString(key, oldForm(made));
    assertThat(Files.readString(key)).startsWith("-----BEGIN " + algorithm + " PRIVATE KEY");
    assertSame(files().load().key(), made);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void keysInPkcs8AreRead(String algorithm) throws Exception {
    PrivateKey made = selfSigned(algorithm);
    Files.writeString(key, Pem.text("PRIVATE KEY", made.getEncoded()));
    assertSame(files().load().key(), made);
  }

  @Test
  void keyBehindCurveParametersAndTextIsRead() throws Exception {
    PrivateKey made = selfSigned("EC");
    String parameters = Pem.text("EC PARAMETERS", new byte[]{6, 8, 42, -122, 72, -50, 61, 3, 1, 7});
    Files.writeString(key, "Some words first\n" + parameters + oldForm(made));
    assertSame(files().load().key(), made);
  }

  @Test
  void certificateAndKeyMayShareAFile() throws Exception {
    PrivateKey made = selfSigned("EC");
    Files.writeString(certificate, Pem.text("PRIVATE KEY", made.getEncoded()) + Files.readString(certificate));
    assertThat(new TlsFiles(certificate, certificate, Optional.empty(), List.of()).load().key()).isEqualTo(made);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pkcs8", "old"})
  void encryptedKeysAreOpenedByThePassphraseFile(String form) throws Exception {
    PrivateKey made = selfSigned("RSA");
    Files.writeString(key, form.equals("old") ? encryptedOldForm(made) : encryptedPkcs8(made));

    assertThat(filesWithPassphrase(PASSPHRASE + "\n").load().key()).isEqualTo(made);
    assertThatThrownBy(() -> filesWithPassphrase("wrong").load()).isInstanceOf(TlsException.class)
        .hasMessageContaining(key.toString()).hasMessageContaining("passphrase given does not open it")
        .hasMessageNotContaining("wrong");
    assertThatThrownBy(() -> files().load()).isInstanceOf(TlsException.class)
        .hasMessage("the key in " + key + " is encrypted; name the file with its passphrase as"
            + " http.tls.passphrasefile");
  }

  /** PKCS#1, or SEC1 with the curve's name in it, as OpenSSL writes them. */
  private static String oldForm(PrivateKey made) throws Exception {
    return made instanceof ECPrivateKey ec
        ? Pem.text("EC PRIVATE KEY", new org.bouncycastle.asn1.sec.ECPrivateKey(256, ec.getS(),
            SECObjectIdentifiers.secp256r1).getEncoded())
        : TestCertificates.pem(new JcaMiscPEMGenerator(made));
  }

  private static String encryptedPkcs8(PrivateKey made) throws Exception {
    return TestCertificates.pem(new JcaPKCS8Generator(made,
        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC).setProvider(BOUNCY_CASTLE)
            .setPassword(PASSPHRASE.toCharArray())
            .setRandom(new SecureRandom()).build()));
  }

  private static String encryptedOldForm(PrivateKey made) throws Exception {
    return TestCertificates.pem(new JcaMiscPEMGenerator(made,
        new JcePEMEncryptorBuilder("AES-128-CBC").setProvider(BOUNCY_CASTLE).build(PASSPHRASE.toCharArray())));
  }

  @Test
  void chainKeepsItsOrderAndItsWordsBetween() throws Exception {
    TestCertificates ca = TestCertificates.in(folder.resolve("ca"));
    Issued issued = ca.local();
    Files.writeString(certificate, "subject=x\n" + issued.certificatePem() + "issuer=y\n" + Issued.pem(ca
        .authorityCertificate()));
    Files.writeString(key, issued.keyPem());
    assertThat(files().load().chain()).containsExactly(issued.certificate(), ca.authorityCertificate());
  }

  @Test
  void keyOfAnotherCertificateIsRefusedAndBothAreNamed() throws Exception {
    PrivateKey other = selfSigned("EC");
    selfSigned("EC");
    Files.writeString(key, Pem.text("PRIVATE KEY", other.getEncoded()));
    assertThatThrownBy(() -> files().load()).isInstanceOf(TlsException.class)
        .hasMessage("the key in " + key + " is not that of the certificate in " + certificate);
    Files.writeString(key,
        Pem.text("PRIVATE KEY", KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded()));
    assertThatThrownBy(() -> files().load()).hasMessageContaining("is not that of the certificate");
  }

  @Test
  void chainInTheWrongOrderIsExplained() throws Exception {
    TestCertificates ca = TestCertificates.in(folder.resolve("ca"));
    Issued issued = ca.local();
    Files.writeString(certificate, Issued.pem(ca.authorityCertificate()) + issued.certificatePem());
    Files.writeString(key, issued.keyPem());
    assertThatThrownBy(() -> files().load()).hasMessageEndingWith("put the server's own certificate first");
  }

  @Test
  void filesThatCannotBeUsedAreNamedWithTheReason() throws Exception {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> new TlsFiles(absent, key, Optional.empty(), List.of()).load())
        .hasMessage(absent + " is not there");
    PrivateKey made = selfSigned("EC");
    Files.writeString(key, "");
    assertThatThrownBy(() -> files().load()).hasMessage(key + " holds no private key in PEM; it is empty");
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertThatThrownBy(() -> files().load()).isInstanceOf(TlsException.class).hasMessageContaining(key.toString());
    Files.writeString(key, Pem.text("PRIVATE KEY", made.getEncoded()));
    Files.write(certificate, files().load().certificate().getEncoded());
    assertThatThrownBy(() -> files().load()).hasMessageContaining(certificate + " holds no certificate in PEM")
        .hasMessageContaining("openssl x509 -inform der");
    Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nMIIB\n");
    assertThatThrownBy(() -> files().load()).isInstanceOf(TlsException.class)
        .hasMessageContaining(certificate.toString());
    Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(() -> files().load()).isInstanceOf(TlsException.class);
  }

  @Test
  void kindOfKeyThatIsNotServedWithIsNamed() throws Exception {
    selfSigned("EC");
    PrivateKey x = KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate();
    Files.writeString(key, Pem.text("PRIVATE KEY", x.getEncoded()));
    assertThatThrownBy(() -> files().load()).hasMessageContaining("1.3.101.110").hasMessageContaining("RSA, EC");
  }
}
