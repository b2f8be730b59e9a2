package dev.weir.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.weir.server.tls.TlsSettings;
import dev.weir.server.tls.TlsSettings.ClientAuthentication;

/** Binds {@code http.tls}: which of its keys belong together, and what is wrong where one is missing. */
final class TlsBinder {
  private final Section tls;
  private final Findings findings;

  TlsBinder(Section tls, Findings findings) {
    this.tls = tls;
    this.findings = findings;
  }

  /** Empty for plain HTTP. */
  Optional<TlsConfig> bind() {
    Optional<Path> certificate = path("certificate");
    Optional<Path> key = path("key");
    boolean auto = tls.get("auto", Kind.FLAG);
    List<Path> clientCas = tls.get("clientcas", Kind.PATHS);
    if (certificate.isPresent() != key.isPresent()) {
      problem(certificate.isPresent() ? "key" : "certificate",
          "a certificate and its key are wanted together (they may be the same file)");
    }
    if (auto && (certificate.isPresent() || key.isPresent())) {
      problem("auto", "weir issues its own certificate or uses the one given; choose one");
    }
    if (!auto && certificate.isEmpty() && key.isEmpty()) {
      return plain(clientCas);
    }
    return Optional.of(new TlsConfig(files(certificate, key), clientCas, settings(!clientCas.isEmpty())));
  }

  private Optional<TlsConfig.Files> files(Optional<Path> certificate, Optional<Path> key) {
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(new TlsConfig.Files(certificate.get(), key.get(), path("passphrasefile")))
        : Optional.empty();
  }

  private Optional<TlsConfig> plain(List<Path> clientCas) {
    if (!clientCas.isEmpty() || tls.find("clientauth", Kind.CLIENT_AUTH).isPresent()) {
      problem("clientcas", "clients show certificates over TLS only; set http.tls.certificate and key, or auto");
    }
    if (tls.find("minimumtls", Kind.MINIMUM_TLS).isPresent()) {
      findings.warning(tls.origin("minimumtls"), "http.tls.minimumtls",
          "has no effect: weir speaks plain HTTP, since http.tls names no certificate");
    }
    return Optional.empty();
  }

  private TlsSettings settings(boolean clientCas) {
    ClientAuthentication clients = tls.find("clientauth", Kind.CLIENT_AUTH)
        .orElse(clientCas ? ClientAuthentication.REQUIRED : ClientAuthentication.NONE);
    if (clients != ClientAuthentication.NONE && !clientCas) {
      problem("clientauth", "clients can be asked for certificates only where http.tls.clientcas says whose");
    }
    return new TlsSettings(minimum(), tls.get("ciphersuites", Kind.CIPHER_SUITES), clients,
        tls.get("provider", Kind.TLS_PROVIDER));
  }

  private TlsSettings.Minimum minimum() {
    MinimumTls minimum = tls.get("minimumtls", Kind.MINIMUM_TLS);
    if (minimum.isTooOld()) {
      findings.warning(tls.origin("minimumtls"), "http.tls.minimumtls",
          "weir speaks TLS 1.2 and 1.3 alone, nothing older");
    }
    return minimum.effective();
  }

  private Optional<Path> path(String name) {
    return tls.find(name, Kind.PATH).filter(path -> !path.toString().isEmpty());
  }

  private void problem(String name, String sentence) {
    findings.problem(tls.origin(name), "http.tls." + name, sentence);
  }
}
