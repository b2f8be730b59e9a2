package dev.weir.server.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.weir.server.config.TlsConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.openshift.Certificates;
import dev.weir.server.openshift.ClusterVersion;
import dev.weir.server.openshift.Door;
import dev.weir.server.openshift.Site;
import dev.weir.server.openshift.Source;
import dev.weir.server.openshift.Sources;
import dev.weir.server.openshift.Transport;
import dev.weir.server.tls.HostNames;
import dev.weir.server.tls.SubjectNames;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** What a configuration says of how clusters reach the weir that it is for. Reads certificates; asks nobody. */
final class OpenshiftSite {
  private static final String FOR_CLIENTS = "ca.crt";

  private final WeirConfig config;
  private final Consumer<String> warn;

  OpenshiftSite(WeirConfig config, Consumer<String> warn) {
    this.config = config;
    this.warn = warn;
  }

  /**
   * What a person said on the command line.
   *
   * @param host        with or without a port
   * @param authority   a file with the CA
   * @param trusted     whether everybody trusts weir's CA
   * @param plain       whether clients speak plain HTTP to weir, whatever its configuration says
   * @param releasePath where pushed releases lie
   */
  record Said(Optional<String> host, Optional<Path> authority, boolean trusted, boolean plain,
      Optional<String> releasePath, boolean mirrorsOnly, ClusterVersion version) {}

  /** @throws IOException if it cannot be told by which name or with which CA clusters reach weir; the message says what to do */
  Site site(Said said) throws IOException {
    List<X509Certificate> chain = chain();
    Door door = door(said.host(), chain);
    if (!said.plain()) {
      warnOfOtherName(door, chain);
    }
    return new Site(door, transport(said, chain), sources(said.releasePath()), said.mirrorsOnly(), said.version());
  }

  private List<Source> sources(Optional<String> releasePath) {
    return Sources.of(
        config.upstreams().values().stream().map(each -> new Sources.Upstream(each.name(), each.registry())).toList(),
        config.aliases().stream().filter(alias -> !alias.subtree())
            .flatMap(alias -> alias.targets().stream()
                .map(target -> new Sources.Alias(alias.path(), target.upstream(), target.path())))
            .toList(),
        releasePath);
  }

  private Door door(Optional<String> said, List<X509Certificate> chain) throws IOException {
    int port = config.http().address().port();
    if (said.isPresent()) {
      return Door.parse(said.get(), port);
    }
    if (config.http().host().isPresent()) {
      URI host = config.http().host().get();
      return new Door(Door.parse(host.getHost(), 1).host(), Math.max(0, host.getPort()));
    }
    return names(chain).hosts().stream().filter(name -> name.contains(".") && !name.startsWith("*")).findFirst()
        .map(name -> Door.parse(name, port))
        .orElseThrow(
            () -> new IOException("it cannot be told by which name clusters reach this weir: say --host NAME:PORT,"
                + " or set http.host in its configuration"));
  }

  /** Those of the certificate, or those that weir would issue one for. */
  private SubjectNames names(List<X509Certificate> chain) {
    return chain.isEmpty()
        ? HostNames.of(System.getenv(), config.http().host().map(URI::getHost))
        : SubjectNames.of(chain.getFirst());
  }

  private void warnOfOtherName(Door door, List<X509Certificate> chain) {
    if (config.http().tls().isEmpty() || names(chain).cover(door.host())) {
      return;
    }
    warn.accept(chain.isEmpty()
        ? "weir's certificate will not be for " + door.host() + ", and clients will refuse it: set http.host: https://"
            + door + " in its configuration"
        : "weir's certificate is for " + names(chain) + ", not for " + door.host() + ": clients will refuse it");
  }

  /** Weir's own certificate and those behind it; empty where there are no files of them. */
  private List<X509Certificate> chain() throws IOException {
    Optional<Path> file = config.http().tls().flatMap(TlsConfig::files).map(TlsConfig.Files::certificate);
    return file.isEmpty() ? List.of() : certificates(file.get());
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    try {
      String pem = Certificates.parse(text(file)).pem();
      List<X509Certificate> found = new ArrayList<>();
      CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem.getBytes(ISO_8859_1)))
          .forEach(each -> found.add((X509Certificate) each));
      return found;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " holds a certificate that cannot be read: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " " + e.getMessage(), e);
    }
  }

  private Transport transport(Said said, List<X509Certificate> chain) throws IOException {
    if (said.plain()) {
      return new Transport.Plain();
    }
    if (said.trusted()) {
      return new Transport.Trusted();
    }
    if (said.authority().isPresent()) {
      return given(said.authority().get(), chain);
    }
    if (config.http().tls().isEmpty()) {
      return config.http().host().map(host -> "https".equals(host.getScheme())).orElse(false)
          ? unknown("http.host says https, which something before weir speaks")
          : new Transport.Plain();
    }
    Path own = config.certificates().resolve(FOR_CLIENTS);
    if (Files.isReadable(own) && (chain.isEmpty() || signs(certificates(own), chain))) {
      return new Transport.Authority(Certificates.parse(text(own)));
    }
    if (!chain.isEmpty() && isSignedBy(chain.getLast(), chain.getLast())) {
      return new Transport.Authority(pem(chain.getLast()));
    }
    return chain.isEmpty()
        ? unknown(
            "weir makes its CA when it starts, or by weir certs init, and there is none in " + own.getParent() + " yet")
        : unknown("weir's certificate does not come with its CA's");
  }

  private Transport given(Path file, List<X509Certificate> chain) throws IOException {
    List<X509Certificate> authorities = certificates(file);
    if (!chain.isEmpty() && !signs(authorities, chain)) {
      throw new IOException("none of the CAs in " + file + " signed weir's certificate");
    }
    return new Transport.Authority(Certificates.parse(text(file)));
  }

  private static Transport unknown(String reason) throws IOException {
    throw new IOException(reason + ": name the CA's file by --ca, or say --public-ca if everybody trusts it");
  }

  private static boolean signs(List<X509Certificate> authorities, List<X509Certificate> chain) {
    return authorities.stream()
        .anyMatch(authority -> chain.stream().anyMatch(each -> isSignedBy(each, authority) || each.equals(authority)));
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Certificates pem(X509Certificate certificate) throws IOException {
    try {
      return Certificates.parse("-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n");
    } catch (GeneralSecurityException e) {
      throw new IOException("the CA's certificate cannot be written: " + e.getMessage(), e);
    }
  }

  /** @throws IOException with a sentence */
  static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read as text: " + e.getMessage(), e);
    }
  }
}
