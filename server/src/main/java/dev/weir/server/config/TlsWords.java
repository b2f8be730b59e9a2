package dev.weir.server.config;

import dev.weir.server.tls.TlsSettings;
import dev.weir.server.tls.TlsSettings.ClientAuthentication;

/** What the words in {@code http.tls} mean. */
final class TlsWords {
  private TlsWords() {}

  /** Asking for a certificate that nobody looks at is not asking; believing any certificate is not offered. */
  static ClientAuthentication clientAuth(String text) {
    return switch (text) {
      case "request-client-cert" -> ClientAuthentication.NONE;
      case "verify-client-cert-if-given" -> ClientAuthentication.IF_GIVEN;
      case "require-and-verify-client-cert" -> ClientAuthentication.REQUIRED;
      default -> throw new IllegalArgumentException("no such mode");
    };
  }

  static TlsSettings.Provider provider(String text) {
    return switch (text) {
      case "auto" -> TlsSettings.Provider.FASTEST;
      case "jdk" -> TlsSettings.Provider.JDK;
      default -> throw new IllegalArgumentException("no such provider");
    };
  }
}
