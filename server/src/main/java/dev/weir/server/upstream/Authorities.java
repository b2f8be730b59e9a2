package dev.weir.server.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
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

  static KeyStore ofSystem(Map<String, String> environment) throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    for (TrustManager manager : trustManagers(null)) {
      if (manager instanceof X509TrustManager x509) {
        add(store, List.of(x509.getAcceptedIssuers()));
      }
    }
    Optional<Path> bundle = systemBundle(environment);
    if (bundle.isPresent()) {
      addSystemBundle(store, bundle.get());
    }
    return store;
  }

  static KeyStore copyOf(KeyStore store) throws IOException, GeneralSecurityException {
    KeyStore copy = empty();
    for (String alias : Collections.list(store.aliases())) {
      copy.setCertificateEntry(alias, store.getCertificate(alias));
    }
    return copy;
  }

  /** @throws IOException if {@code file} cannot be read or holds no certificate; the message names it */
  static void check(Path file) throws IOException {
    if (readPem(file).isEmpty()) {
      throw new IOException("read authorities from " + file + ": no certificate in it");
    }
  }

  static void addPem(KeyStore store, Path file) throws IOException, GeneralSecurityException {
    add(store, readPem(file));
  }

  private static Collection<? extends Certificate> readPem(Path file) throws IOException {
    try {
      return read(file);
    } catch (NoSuchFileException e) {
      throw new IOException("read authorities from " + file + ": there is no such file", e);
    } catch (CertificateException e) {
      throw new IOException("read authorities from " + file + ": " + e.getMessage(), e);
    }
  }

  static SSLContext context(KeyStore trusted) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trustManagers(trusted), null);
    return context;
  }

  private static TrustManager[] trustManagers(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static Optional<Path> systemBundle(Map<String, String> environment) {
    return Stream.concat(Stream.ofNullable(environment.get("SSL_CERT_FILE")), BUNDLES.stream())
        .filter(name -> !name.isBlank()).map(Path::of).filter(Files::isReadable).findFirst();
  }

  /** A damaged bundle of the system's is the system's trouble: the JDK's authorities remain. */
  private static void addSystemBundle(KeyStore store, Path bundle) throws GeneralSecurityException {
    try {
      add(store, read(bundle));
    } catch (IOException | CertificateException e) {
      LOG.warn("read authorities from {}: {}; the JDK's own are used alone", bundle, e.getMessage());
    }
  }

  private static Collection<? extends Certificate> read(Path file) throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static void add(KeyStore store, Collection<? extends Certificate> certificates)
      throws GeneralSecurityException {
    for (Certificate certificate : certificates) {
      if (certificate instanceof X509Certificate && store.getCertificateAlias(certificate) == null) {
        store.setCertificateEntry("authority-" + store.size(), certificate);
      }
    }
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }
}
