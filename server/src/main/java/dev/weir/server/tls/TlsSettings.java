package dev.weir.server.tls;

import java.util.List;

/**
 * How a port speaks TLS.
 *
 * @param cipherSuites for TLS 1.2, by their IANA names; empty for weir's choice. Those of TLS 1.3 are always on.
 */
public record TlsSettings(Minimum minimum, List<String> cipherSuites, ClientAuthentication clients, Provider provider) {
  public TlsSettings {
    cipherSuites = List.copyOf(cipherSuites);
  }

  /** TLS 1.2, weir's suites, no question to clients, the fastest provider. */
  public static final TlsSettings DEFAULT = new TlsSettings(Minimum.TLS_1_2, List.of(), ClientAuthentication.NONE,
      Provider.FASTEST);

  /** The oldest protocol that is spoken. */
  public enum Minimum {
    TLS_1_2, TLS_1_3
  }

  /** Whether a client shows a certificate of one of the client CAs. */
  public enum ClientAuthentication {
    NONE, IF_GIVEN, REQUIRED
  }

  /** Who does the arithmetic. */
  public enum Provider {
    /** BoringSSL where it runs and can use the key, else the JDK. */
    FASTEST, JDK
  }
}
