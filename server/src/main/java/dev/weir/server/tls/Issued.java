package dev.weir.server.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** A certificate just made, and its key. */
public record Issued(X509Certificate certificate, PrivateKey key) {

  public String certificatePem() {
    return pem(certificate);
  }

  /** PKCS#8. A secret. */
  public String keyPem() {
    return Pem.text("PRIVATE KEY", key.getEncoded());
  }

  static String pem(X509Certificate certificate) {
    try {
      return Pem.text("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read cannot be written", e);
    }
  }

  @Override
  public String toString() {
    return "Issued[" + certificate.getSubjectX500Principal() + "]";
  }
}
