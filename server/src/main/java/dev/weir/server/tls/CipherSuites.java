package dev.weir.server.tls;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The suites that distribution's configuration can name (Go's crypto/tls), by their IANA names. */
public final class CipherSuites {
  /** Always on where TLS 1.3 is spoken; as in Go, no configuration chooses among them. */
  public static final List<String> TLS_1_3 = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
      "TLS_CHACHA20_POLY1305_SHA256");

  /** For TLS 1.2 where none is named: forward secret and authenticated, every one. */
  public static final List<String> MODERN = List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
      "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final Set<String> OLD = Set.of("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA",
      "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256",
      "TLS_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
      "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
      "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
      "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");

  private static final Map<String, String> SHORT = Map.of("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
      "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

  private CipherSuites() {}

  /**
   * The IANA name of a suite that Go names {@code name}.
   *
   * @throws IllegalArgumentException if Go has no such suite
   */
  public static String parse(String name) {
    String full = SHORT.getOrDefault(name, name);
    if (!MODERN.contains(full) && !OLD.contains(full) && !TLS_1_3.contains(full)) {
      throw new IllegalArgumentException("no such cipher suite");
    }
    return full;
  }
}
