package dev.weir.server.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A CA in a directory, and what tests want of it. */
public final class TestCertificates {
  public static final List<String> LOCAL = List.of("localhost", "127.0.0.1", "::1");

  private final Path folder;
  private final Authority authority;

  private TestCertificates(Path folder, Authority authority) {
    this.folder = folder;
    this.authority = authority;
  }

  public static TestCertificates in(Path folder) throws IOException {
    CertsDirectory directory = new CertsDirectory(folder);
    return new TestCertificates(folder, Authority.create(directory, KeyKind.P256, InstantSource.system()));
  }

  /** The file that clients trust. */
  public Path authority() {
    return authority.file();
  }

  public X509Certificate authorityCertificate() {
    return authority.certificate();
  }

  public Issued issue(String... names) throws IOException {
    return issue(KeyKind.P256, names);
  }

  public Issued issue(KeyKind kind, String... names) throws IOException {
    return authority.issue(SubjectNames.parse(List.of(names)), kind, Authority.SERVER_LIFE);
  }

  /** For this machine. */
  public Issued local() throws IOException {
    return issue("localhost", "127.0.0.1", "::1");
  }

  /** NAME.crt and NAME.key. */
  public TlsFiles write(String name, Issued issued) throws IOException {
    return files(ServerFiles.write(folder, name, issued));
  }

  public static TlsFiles files(ServerFiles written) {
    return new TlsFiles(written.certificate(), written.key(), Optional.empty(), List.of());
  }

  public TlsMaterial material(Issued issued) {
    return new TlsMaterial(List.of(issued.certificate(), authority.certificate()), issued.key(), List.of());
  }

  public TlsMaterial materialWithClients(Issued issued) {
    return new TlsMaterial(List.of(issued.certificate()), issued.key(), List.of(authority.certificate()));
  }

  /** Trusts this CA alone. */
  public SSLContext client() throws Exception {
    return context(null);
  }

  /** Trusts this CA alone, and shows {@code issued}. */
  public SSLContext clientWith(Issued issued) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry("client", issued.key(), new char[0], new X509Certificate[]{issued.certificate()});
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, new char[0]);
    return context(managers.getKeyManagers());
  }

  /** As {@link #clientWith}, even where the server asks for certificates of other CAs. */
  public SSLContext clientInsistingOn(Issued issued) throws Exception {
    return context(new KeyManager[]{new Insistent(issued)});
  }

  /** @param authority a PEM file */
  public static SSLContext clientTrusting(Path authority) {
    try {
      return clientTrusting(Pem.certificates(authority, Files.readAllBytes(authority)).getFirst());
    } catch (Exception e) {
      throw new AssertionError("trust " + authority, e);
    }
  }

  public static SSLContext clientTrusting(X509Certificate certificate) throws Exception {
    return context(null, certificate);
  }

  private SSLContext context(KeyManager @Nullable [] keys) throws Exception {
    return context(keys, authority.certificate());
  }

  private static SSLContext context(KeyManager @Nullable [] keys, X509Certificate certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", certificate);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust.getTrustManagers(), null);
    return context;
  }

  /** For clients, by this CA. */
  public Issued client(String commonName) throws Exception {
    KeyPair keys = KeyKind.P256.generate();
    Instant now = Instant.now();
    X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(authority.certificate(), BigInteger.TWO,
        Date.from(now.minusSeconds(60)), Date.from(now.plusSeconds(3600)), new X500Principal("CN=" + commonName),
        keys.getPublic());
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
    return new Issued(sign(builder, PemKey.read(folder.resolve("ca.pem"), Files.readAllBytes(folder.resolve("ca.pem")),
        null)), keys.getPrivate());
  }

  /** Signed by itself, with a common name and nothing else. */
  public static Issued commonNameOnly(String keyAlgorithm, Instant from, Duration life) throws Exception {
    KeyPair keys = keyAlgorithm.equals("EC")
        ? KeyKind.P256.generate()
        : KeyPairGenerator.getInstance(keyAlgorithm).generateKeyPair();
    X500Principal name = new X500Principal("CN=old.example.com");
    return new Issued(sign(new JcaX509v3CertificateBuilder(name, BigInteger.TEN, Date.from(from),
        Date.from(from.plus(life)), name, keys.getPublic()), keys.getPrivate()), keys.getPrivate());
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) throws Exception {
    String algorithm = key.getAlgorithm().equals("EdDSA") ? "Ed25519" : TlsMaterial.signatureOf(key);
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key)));
  }

  /** Whatever Bouncy Castle knows how to write. */
  static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
