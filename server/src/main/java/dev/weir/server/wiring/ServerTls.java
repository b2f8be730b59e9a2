package dev.weir.server.wiring;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.config.TlsConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.http.TlsSetup;
import dev.weir.server.tls.Authority;
import dev.weir.server.tls.AutomaticCertificate;
import dev.weir.server.tls.CertificateReview;
import dev.weir.server.tls.CertificateWatch;
import dev.weir.server.tls.CertsDirectory;
import dev.weir.server.tls.HostNames;
import dev.weir.server.tls.Journal;
import dev.weir.server.tls.SubjectNames;
import dev.weir.server.tls.TlsFiles;
import dev.weir.server.tls.TlsMaterial;

/** What the main port speaks TLS with: the certificate as configured or of weir's own making, kept up to date. */
final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
  /** A new certificate is in use within two seconds: found at one look, or warned of at the next. */
  private static final Duration LOOK = Duration.ofMillis(500);
  /** How soon a new address of the host is in the certificate. */
  private static final Duration RENEWAL_LOOK = Duration.ofMinutes(1);

  private final Closing parts = new Closing();
  private final TlsSetup setup;
  /** Written by the thread that looks for new certificates. */
  private volatile Set<String> names = Set.of();

  private ServerTls(WeirConfig config, TlsConfig tls, Map<String, String> environment, InstantSource clock)
      throws IOException {
    TlsFiles files;
    if (tls.files().isPresent()) {
      files = given(tls, tls.files().get());
    } else {
      AutomaticCertificate automatic = automatic(config, environment, clock);
      automatic.ensure();
      parts.add(new Housekeeping()).every(RENEWAL_LOOK, "renew weir's own certificate", automatic::ensure);
      files = withClientCas(automatic.files(), tls);
    }
    setup = parts.add(TlsSetup.of(tls.settings(), files.load()));
    CertificateWatch watch = CertificateWatch.begin(files, clock, this::take, Journal.to(LOG));
    parts.add(new Housekeeping()).every(LOOK, "look for a new certificate", watch::look);
  }

  /** Empty where weir speaks plain HTTP. */
  static Optional<ServerTls> open(WeirConfig config, Map<String, String> environment, InstantSource clock)
      throws IOException {
    Optional<TlsConfig> tls = config.http().tls();
    return tls.isEmpty() ? Optional.empty() : Optional.of(new ServerTls(config, tls.get(), environment, clock));
  }

  /**
   * What is to be said of the certificate that {@code config} names; issues nothing.
   *
   * @throws IOException if weir could not start with it
   */
  static List<String> check(WeirConfig config, InstantSource clock) throws IOException {
    Optional<TlsConfig> tls = config.http().tls();
    if (tls.isEmpty()) {
      return List.of();
    }
    if (tls.get().files().isPresent()) {
      TlsFiles files = given(tls.get(), tls.get().files().get());
      TlsMaterial material = files.load();
      TlsSetup.of(tls.get().settings(), material).close();
      return CertificateReview.of(files.certificate(), material.chain(), clock.instant());
    }
    CertsDirectory directory = new CertsDirectory(config.certificates());
    if (Authority.exists(directory)) {
      Authority.open(directory, clock);
      return List.of();
    }
    return List.of("there is no CA in " + directory.path() + " yet: weir serve will make one, for clients to trust");
  }

  TlsSetup setup() {
    return setup;
  }

  private void take(TlsMaterial material) throws IOException {
    setup.replace(material);
    names = SubjectNames.of(material.certificate()).all().map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The names and addresses in the certificate that is in use. */
  Set<String> names() {
    return names;
  }

  private static AutomaticCertificate automatic(WeirConfig config, Map<String, String> environment,
      InstantSource clock) {
    Optional<String> host = config.http().host().map(URI::getHost);
    return new AutomaticCertificate(new CertsDirectory(config.certificates()), () -> HostNames.of(environment, host),
        clock, Journal.to(LOG));
  }

  private static TlsFiles given(TlsConfig tls, TlsConfig.Files files) {
    return new TlsFiles(files.certificate(), files.key(), files.passphrase(), tls.clientCas());
  }

  private static TlsFiles withClientCas(TlsFiles files, TlsConfig tls) {
    return new TlsFiles(files.certificate(), files.key(), files.passphrase(), tls.clientCas());
  }

  @Override
  public void close() {
    parts.close();
  }
}
