package dev.weir.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.weir.server.tls.TlsSettings;

/**
 * TLS on the main port.
 *
 * @param files     certificate and key; empty where weir issues its own ({@code http.tls.auto})
 * @param clientCas PEM files of the CAs whose clients are let in
 */
public record TlsConfig(Optional<Files> files, List<Path> clientCas, TlsSettings settings) {
  public TlsConfig {
    clientCas = List.copyOf(clientCas);
  }

  /** PEM files. */
  public record Files(Path certificate, Path key, Optional<Path> passphrase) {}
}
