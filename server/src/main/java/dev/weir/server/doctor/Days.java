package dev.weir.server.doctor;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** How much is left of a certificate's life. */
final class Days {
  /** So many are little for whoever has to ask another department. */
  static final int FEW = 30;

  private Days() {}

  static boolean areFew(X509Certificate certificate, Instant now) {
    return Duration.between(now, certificate.getNotAfter().toInstant()).toDays() < FEW;
  }
}
