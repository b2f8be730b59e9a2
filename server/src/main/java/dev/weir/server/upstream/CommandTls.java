package dev.weir.server.upstream;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** TLS of commands that speak to a registry elsewhere. */
public final class CommandTls {
  private CommandTls() {}

  /**
   * Trusts whom the JDK and the system trust, and whom a file of PEM names.
   *
   * @throws IOException if the file cannot be read or holds no certificate; the message names it
   */
  public static SSLContext trusting(Optional<Path> caFile, Map<String, String> environment) throws IOException {
    try {
      return TlsClient.context(Authorities.trust(Authorities.ofSystem(environment),
          caFile.isPresent() ? Authorities.of(caFile.get()) : List.of()));
    } catch (GeneralSecurityException e) {
      throw new IOException("this JDK speaks no TLS: " + e.getMessage(), e);
    }
  }
}
