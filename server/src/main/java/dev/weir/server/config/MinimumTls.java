package dev.weir.server.config;

import dev.weir.server.tls.TlsSettings;

/** Distribution's {@code http.tls.minimumtls}. */
enum MinimumTls {
  TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3;

  static MinimumTls parse(String text) {
    return switch (text) {
      case "tls1.0" -> TLS_1_0;
      case "tls1.1" -> TLS_1_1;
      case "tls1.2" -> TLS_1_2;
      case "tls1.3" -> TLS_1_3;
      default -> throw new IllegalArgumentException("no such version");
    };
  }

  boolean isTooOld() {
    return this == TLS_1_0 || this == TLS_1_1;
  }

  TlsSettings.Minimum effective() {
    return this == TLS_1_3 ? TlsSettings.Minimum.TLS_1_3 : TlsSettings.Minimum.TLS_1_2;
  }
}
