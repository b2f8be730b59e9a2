package dev.weir.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.TlsTrustManagersProvider;

/** Whom connections trust: the authorities of the system, and those of a file. */
final class Authorities {
  private Authorities() {}

  /** @throws IOException if the file holds no certificates; the message is meant for whoever wrote its name */
  static TlsTrustManagersProvider with(Path file) throws IOException {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      for (TrustManager manager : managers(null)) {
        if (manager instanceof X509TrustManager system) {
          for (X509Certificate authority : system.getAcceptedIssuers()) {
            add(all, authority);
          }
        }
      }
      int before = all.size();
      try (InputStream pem = Files.newInputStream(file)) {
        for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
          add(all, authority);
        }
      }
      if (all.size() == before) {
        throw new IOException(file + " holds no certificate");
      }
      TrustManager[] trusting = managers(all);
      return () -> trusting;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot read certificates from " + file + ": " + e.getMessage(), e);
    }
  }

  private static void add(KeyStore all, Certificate authority) throws GeneralSecurityException {
    all.setCertificateEntry("authority-" + all.size(), authority);
  }

  /** @param authorities null: the system's */
  private static TrustManager[] managers(@Nullable KeyStore authorities) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return factory.getTrustManagers();
  }
}
