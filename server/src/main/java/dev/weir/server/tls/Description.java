package dev.weir.server.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** A certificate in one line, for people. */
public final class Description {
  private Description() {}

  public static String of(X509Certificate certificate) {
    SubjectNames names = SubjectNames.of(certificate);
    String subject = certificate.getSubjectX500Principal().getName();
    return (names.isEmpty() ? subject : "a certificate for " + names) + ", valid until "
        + certificate.getNotAfter().toInstant() + ", SHA-256 " + fingerprint(certificate);
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.ofDelimiter(":").withUpperCase()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
