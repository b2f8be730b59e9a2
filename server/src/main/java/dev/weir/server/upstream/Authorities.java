package dev.weir.server.upstream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads certificate authorities: the JDK's own, the system's bundle, PEM files. */
final class Authorities {
  private static final Logger LOG = LoggerFactory.getLogger(Authorities.class);
  /** Where distributions keep theirs, a company's own included: Fedora and RHEL, Debian and Alpine, SUSE, BSD and macOS. */
  private static final List<String> BUNDLES = List.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
      "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem");

  private Authorities() {}

  /** The JDK's own and the system's, a tenth of a second's work and more. */
  static Set<X509Certificate> ofSystem(Map<String, String> environment) throws GeneralSecurityException {
    Set<X509Certificate> found = new LinkedHashSet<>(List.of(trustManager(null).getAcceptedIssuers()));
    systemBundle(environment).ifPresent(bundle -> found.addAll(readSystemBundle(bundle)));
    return found;
  }

  /** @throws IOException if {@code file} cannot be read or holds no certificate; the message names it */
  static List<X509Certificate> of(Path file) throws IOException {
    List<X509Certificate> found = readPem(file);
    if (found.isEmpty()) {
      throw new IOException("read authorities from " + file + ": no certificate in it");
    }
    return found;
  }

  private static List<X509Certificate> readPem(Path file) throws IOException {
    try {
      return read(file);
    } catch (NoSuchFileException e) {
      throw new IOException("read authorities from " + file + ": there is no such file", e);
    } catch (CertificateException e) {
      throw new IOException("read authorities from " + file + ": " + e.getMessage(), e);
    }
  }

  /** Trusts all of both. */
  static X509TrustManager trust(Set<X509Certificate> some, List<X509Certificate> more)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    int number = 0;
    for (X509Certificate certificate : Stream.concat(some.stream(), more.stream()).toList()) {
      trusted.setCertificateEntry("authority-" + number++, certificate);
    }
    return trustManager(trusted);
  }

  /** @param store null: the JDK's own */
  private static X509TrustManager trustManager(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return Stream.of(factory.getTrustManagers()).filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast).findFirst()
        .orElseThrow(() -> new GeneralSecurityException("this JDK has nothing that looks at certificates"));
  }

  private static Optional<Path> systemBundle(Map<String, String> environment) {
    return Stream.concat(Stream.ofNullable(environment.get("SSL_CERT_FILE")), BUNDLES.stream())
        .filter(name -> !name.isBlank()).map(Path::of).filter(Files::isReadable).findFirst();
  }

  /** A damaged bundle of the system's is the system's trouble: the JDK's authorities remain. */
  private static List<X509Certificate> readSystemBundle(Path bundle) {
    try {
      return read(bundle);
    } catch (IOException | CertificateException e) {
      LOG.warn("read authorities from {}: {}; the JDK's own are used alone", bundle, e.getMessage());
      return List.of();
    }
  }

  private static List<X509Certificate> read(Path file) throws IOException, CertificateException {
    // whole, since the parser reads byte by byte
    InputStream content = new ByteArrayInputStream(Files.readAllBytes(file));
    return CertificateFactory.getInstance("X.509").generateCertificates(content).stream()
        .filter(X509Certificate.class::isInstance).map(X509Certificate.class::cast).toList();
  }
}
