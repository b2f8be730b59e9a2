package dev.weir.server.doctor;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.weir.server.config.TlsConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.http.TlsSetup;
import dev.weir.server.tls.Authority;
import dev.weir.server.tls.AutomaticCertificate;
import dev.weir.server.tls.CertificateReview;
import dev.weir.server.tls.CertsDirectory;
import dev.weir.server.tls.HostNames;
import dev.weir.server.tls.Journal;
import dev.weir.server.tls.SubjectNames;
import dev.weir.server.tls.TlsFiles;
import dev.weir.server.tls.TlsMaterial;

/** What clients will say of weir's certificate. */
record CertificateCheck(WeirConfig config, Map<String, String> environment, InstantSource clock) implements Check {
  static final String SUBJECT = "certificate";
  private static final String ANEW = "have it issued anew, with every name in it; weir issues one itself with"
      + " http.tls.auto: true, or by weir certs issue --san HOST";

  @Override
  public String subject() {
    return SUBJECT;
  }

  @Override
  public List<Finding> run() throws Exception {
    Optional<TlsConfig> tls = config.http().tls();
    if (tls.isEmpty()) {
      return List.of(plain());
    }
    List<Finding> findings = tls.get().files().isPresent()
        ? given(tls.get(), tls.get().files().get())
        : automatic();
    findings.addAll(new ClientAuthoritiesReview(tls.get().clientCas(), clock.instant()).findings());
    return findings;
  }

  private Finding plain() {
    boolean covered = config.http().host().filter(host -> "https".equals(host.getScheme())).isPresent();
    return config.auth().htpasswd().isPresent() && !covered
        ? Finding.warn(SUBJECT, "weir speaks plain HTTP, so passwords and images cross the network readable for all",
            "set http.tls.certificate and http.tls.key, or http.tls.auto: true; if a proxy before weir speaks TLS, say"
                + " so by http.host: https://NAME")
        : Finding.ok(SUBJECT, "weir speaks plain HTTP; clients need insecure = true for it, unless a proxy before it"
            + " speaks TLS");
  }

  private List<Finding> given(TlsConfig tls, TlsConfig.Files named) {
    List<Finding> findings = new ArrayList<>();
    TlsFiles files = new TlsFiles(named.certificate(), named.key(), named.passphrase(), List.of());
    try {
      TlsMaterial material = files.load();
      TlsSetup.of(tls.settings(), material).close();
      for (String concern : CertificateReview.of(files.certificate(), material.chain(), clock.instant())) {
        findings.add(Finding.fail(SUBJECT, concern, ANEW));
      }
      end(files, material.chain(), ANEW).ifPresent(findings::add);
      findings.add(names(files, material.certificate()));
      findings.add(new ChainReview(files.certificate(), material.chain()).finding());
    } catch (IOException e) {
      findings.add(Finding.fail(SUBJECT, Sentences.of(e), "put the right file there, readable for weir's user; weir"
          + " takes it up by itself"));
    }
    return findings;
  }

  /** Empty for one that has ended, which was said before. */
  private Optional<Finding> end(TlsFiles files, List<X509Certificate> chain, String todo) {
    Instant end = chain.stream().map(each -> each.getNotAfter().toInstant()).min(Instant::compareTo).orElseThrow();
    long days = Duration.between(clock.instant(), end).toDays();
    String what = files.certificate() + " is valid for " + days + " more days, until " + end;
    if (clock.instant().isAfter(end)) {
      return Optional.empty();
    }
    return Optional.of(days < Days.FEW ? Finding.warn(SUBJECT, what, todo) : Finding.ok(SUBJECT, what));
  }

  private Finding names(TlsFiles files, X509Certificate certificate) {
    SubjectNames covered = SubjectNames.of(certificate);
    Optional<String> host = config.http().host().map(URI::getHost);
    if (host.isPresent() && !covered.cover(host.get())) {
      return Finding.fail(SUBJECT, files.certificate() + " is for " + covered + ", and not for http.host " + host.get()
          + ": clients refuse it", ANEW);
    }
    List<String> missing = HostNames.of(environment, host).all().filter(name -> !isLoopback(name))
        .filter(name -> !covered.cover(name)).toList();
    String what = files.certificate() + " is for " + covered;
    return host.isPresent() || missing.isEmpty()
        ? Finding.ok(SUBJECT, what)
        : Finding.warn(SUBJECT, what + ", and not for " + String.join(", ", missing) + ", by which this machine may be"
            + " called too", "if clients use one of these, " + ANEW + "; else set http.host to the name they use");
  }

  private static boolean isLoopback(String name) {
    return name.equals("localhost") || name.equals("127.0.0.1") || name.equals("0:0:0:0:0:0:0:1");
  }

  private List<Finding> automatic() {
    CertsDirectory directory = new CertsDirectory(config.certificates());
    TlsFiles files = new AutomaticCertificate(directory, () -> HostNames.of(environment, Optional.empty()), clock,
        new Journal(note -> {}, warning -> {})).files();
    List<Finding> findings = new ArrayList<>();
    try {
      if (!Authority.exists(directory) && Files.notExists(files.certificate())) {
        return new ArrayList<>(List.of(Finding.ok(SUBJECT, "there is no CA in " + directory.path()
            + " yet: weir serve makes one, for clients to trust (weir certs show --pem)")));
      }
      findings.add(authority(directory));
      if (Files.exists(files.certificate())) {
        findings.addAll(issued(files));
      }
    } catch (IOException e) {
      findings.add(Finding.fail(SUBJECT, Sentences.of(e), "bring the directory " + directory.path() + " back from its"
          + " backup; a new CA has to be told to every client"));
    }
    return findings;
  }

  private Finding authority(CertsDirectory directory) throws IOException {
    X509Certificate certificate = Authority.inspect(directory, clock).certificate();
    Instant end = certificate.getNotAfter().toInstant();
    String what = "weir's own CA in " + directory.path() + " is valid until " + end;
    String todo = "move ca.pem and ca.crt elsewhere, make a new one with weir certs init, and tell every client of it";
    if (clock.instant().isAfter(end)) {
      return Finding.fail(SUBJECT, "weir's own CA in " + directory.path() + " ended on " + end, todo);
    }
    return clock.instant().isAfter(end.minus(AutomaticCertificate.AUTHORITY_WARNING))
        ? Finding.warn(SUBJECT, what, todo)
        : Finding.ok(SUBJECT, what);
  }

  /** What is wrong with it, weir puts right itself when it starts or soon after. */
  private List<Finding> issued(TlsFiles files) throws IOException {
    List<X509Certificate> chain = files.load().chain();
    String todo = "start weir, which renews it by itself; if it runs, its log says why it did not";
    List<Finding> findings = new ArrayList<>();
    for (String concern : CertificateReview.of(files.certificate(), chain, clock.instant())) {
      findings.add(Finding.warn(SUBJECT, concern, todo));
    }
    end(files, chain, todo).ifPresent(findings::add);
    return findings;
  }
}
