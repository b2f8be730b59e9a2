package dev.weir.server.upstream;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** TLS for commands that speak to a registry themselves; it trusts what weir trusts upstream. */
public final class ClientTls {
  private ClientTls() {}

  /**
   * Trusts the JDK's authorities and the system's.
   *
   * @param authorities a file of more, PEM
   * @throws IOException if that cannot be read; the message names it
   */
  public static SSLContext trusting(Optional<Path> authorities, Map<String, String> environment) throws IOException {
    List<X509Certificate> more = authorities.isPresent() ? Authorities.of(authorities.get()) : List.of();
    try {
      return TlsClient.context(Authorities.trust(Authorities.ofSystem(environment), more));
    } catch (GeneralSecurityException e) {
      throw new IOException("set up TLS: " + e.getMessage(), e);
    }
  }
}
