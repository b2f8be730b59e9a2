package dev.weir.server.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * weir's own CA. It lies in one file with its key, so that there is never half of it, and beside that in {@code ca.crt}
 * for clients. It is made once and never replaced.
 */
public final class Authority {
  static final Duration LIFE = Duration.ofDays(3653);
  /** What macOS and others still take for a server. */
  public static final Duration SERVER_LIFE = Duration.ofDays(397);
  /** No clock that is right says less. */
  public static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");
  private static final String WITH_KEY = "ca.pem";
  private static final String FOR_CLIENTS = "ca.crt";

  private final CertsDirectory directory;
  private final Issued self;
  private final InstantSource clock;

  private Authority(CertsDirectory directory, Issued self, InstantSource clock) {
    this.directory = directory;
    this.self = self;
    this.clock = clock;
  }

  /** Whether there is a CA, be it of any use or not. */
  public static boolean exists(CertsDirectory directory) {
    return directory.has(WITH_KEY) || directory.has(FOR_CLIENTS);
  }

  /** @throws TlsException if there is one already: clients trust it, and nobody else can say that they need not */
  public static Authority create(CertsDirectory directory, KeyKind kind, InstantSource clock) throws IOException {
    return directory.alone(() -> {
      if (exists(directory)) {
        throw new TlsException("there is a CA in " + directory.path() + " already, which clients may trust; weir never"
            + " replaces one: move ca.pem and ca.crt elsewhere first, if that is what is wanted");
      }
      Issued self = new CertificateMaker().authority(kind, checked(clock), LIFE);
      directory.write(WITH_KEY, self.keyPem() + self.certificatePem());
      directory.write(FOR_CLIENTS, self.certificatePem());
      return new Authority(directory, self, clock);
    });
  }

  /** @throws TlsException if there is none, or it cannot be used */
  public static Authority open(CertsDirectory directory, InstantSource clock) throws IOException {
    Authority authority = inspect(directory, clock);
    authority.restoreForClients();
    return authority;
  }

  /** As {@link #open}, and writes nothing. */
  public static Authority inspect(CertsDirectory directory, InstantSource clock) throws IOException {
    Path file = directory.file(WITH_KEY);
    if (!directory.has(WITH_KEY)) {
      throw new TlsException(directory.has(FOR_CLIENTS)
          ? file + ", the CA's key, is gone, while " + directory.file(FOR_CLIENTS) + " is there: bring it back from a"
              + " backup, or move ca.crt elsewhere and begin a new CA, which every client has to be told of"
          : "there is no CA in " + directory.path() + "; weir certs init makes one");
    }
    byte[] content = directory.read(WITH_KEY);
    X509Certificate certificate = Pem.certificates(file, content).getFirst();
    PrivateKey key = PemKey.read(file, content, null);
    if (!TlsMaterial.belongTogether(certificate, key)) {
      throw new TlsException(file + " holds a certificate and a key that do not belong together");
    }
    return new Authority(directory, new Issued(certificate, key), clock);
  }

  private void restoreForClients() throws IOException {
    if (!directory.has(FOR_CLIENTS)) {
      directory.write(FOR_CLIENTS, pem());
    }
  }

  public X509Certificate certificate() {
    return self.certificate();
  }

  /** What clients are to trust. */
  public String pem() {
    return self.certificatePem();
  }

  /** The file with what clients are to trust. */
  public Path file() {
    return directory.file(FOR_CLIENTS);
  }

  /** What kind of key it has itself. */
  public KeyKind kind() {
    return KeyKind.like(self.certificate().getPublicKey());
  }

  /** Makes a certificate for a server; writes nothing. */
  public Issued issue(SubjectNames names, KeyKind kind, Duration life) throws IOException {
    if (names.isEmpty()) {
      throw new TlsException("a certificate needs a name or an address that it is for");
    }
    Instant now = checked(clock);
    if (CertificateReview.hasEnded(certificate(), now)) {
      throw new TlsException("the CA in " + directory.path() + " ended on " + certificate().getNotAfter().toInstant()
          + "; move ca.pem and ca.crt elsewhere, make a new CA, and tell every client of it");
    }
    return new CertificateMaker().server(self, names, kind, now, life);
  }

  /** Whether {@code certificate} is of this CA's making. */
  boolean signed(X509Certificate certificate) {
    try {
      certificate.verify(certificate().getPublicKey());
      return certificate.getIssuerX500Principal().equals(certificate().getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Instant checked(InstantSource clock) throws TlsException {
    Instant now = clock.instant();
    if (now.isBefore(EARLIEST)) {
      throw new TlsException("the clock says " + now + ", which cannot be: a certificate made now would be of no use;"
          + " set the clock first");
    }
    return now;
  }
}
