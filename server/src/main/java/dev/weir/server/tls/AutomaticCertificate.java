package dev.weir.server.tls;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The server's certificate that weir issues to itself ({@code http.tls.auto}): made at first start, made anew when a third
 * of its life is left or the host has a new name or address. The CA stays the same one.
 */
public final class AutomaticCertificate {
  private static final String FILE = "server.pem";
  private static final int RENEWED_AT = 3;
  /** How long before its end a CA is warned of: every client has to be told of the next one. */
  public static final Duration AUTHORITY_WARNING = Duration.ofDays(365);

  private final CertsDirectory directory;
  private final Supplier<SubjectNames> wanted;
  private final InstantSource clock;
  private final Journal journal;
  /** Which end of the CA has been warned of. */
  private Instant warnedOf = Instant.MIN;

  /** @param wanted what the host is called, asked at each look */
  public AutomaticCertificate(CertsDirectory directory, Supplier<SubjectNames> wanted, InstantSource clock,
      Journal journal) {
    this.directory = directory;
    this.wanted = wanted;
    this.clock = clock;
    this.journal = journal;
  }

  /** Certificate and key in one file, so that they always match. */
  public TlsFiles files() {
    return new TlsFiles(directory.file(FILE), directory.file(FILE), Optional.empty(), List.of());
  }

  /** Sees to it that there is a certificate that is good for a while. By one thread at a time. */
  public void ensure() throws IOException {
    Authority authority = authority();
    SubjectNames names = wanted.get();
    Optional<String> reason = reason(authority, names);
    if (reason.isPresent()) {
      Issued issued = authority.issue(names, authority.kind(), Authority.SERVER_LIFE);
      directory.alone(() -> {
        directory.write(FILE, issued.keyPem() + issued.certificatePem());
        return issued;
      });
      journal.note("issued a certificate for " + names + " (" + reason.get() + "), valid until "
          + issued.certificate().getNotAfter().toInstant());
    }
    warnOfItsEnd(authority.certificate());
  }

  private Authority authority() throws IOException {
    if (Authority.exists(directory)) {
      return Authority.open(directory, clock);
    }
    if (directory.has(FILE)) {
      throw new TlsException("the CA that issued " + directory.file(FILE) + " is gone: bring ca.pem back from a backup,"
          + " or remove server.pem too and begin a new CA, which every client has to be told of");
    }
    Authority made = Authority.create(directory, KeyKind.P256, clock);
    journal.warn("THERE WAS NO CA IN " + directory.path() + ", SO WEIR MADE A NEW ONE: clients are to trust "
        + made.file() + " (it stays the same when certificates are renewed; keep a backup of the directory)");
    return made;
  }

  /** Why the certificate that is there will not do. */
  private Optional<String> reason(Authority authority, SubjectNames names) {
    if (!directory.has(FILE)) {
      return Optional.of("the first one");
    }
    try {
      X509Certificate held = files().load().certificate();
      if (!authority.signed(held)) {
        return Optional.of("the one before was of another CA");
      }
      if (!SubjectNames.of(held).containsAll(names)) {
        return Optional.of("the one before was for " + SubjectNames.of(held));
      }
      return isNearItsEnd(held) ? Optional.of("the one before was near its end") : Optional.empty();
    } catch (TlsException e) {
      return Optional.of("the one before was of no use: " + e.getMessage());
    }
  }

  private boolean isNearItsEnd(X509Certificate held) {
    Instant end = held.getNotAfter().toInstant();
    Duration life = Duration.between(held.getNotBefore().toInstant(), end);
    return clock.instant().isAfter(end.minus(life.dividedBy(RENEWED_AT)));
  }

  private void warnOfItsEnd(X509Certificate authority) {
    Instant end = authority.getNotAfter().toInstant();
    if (clock.instant().isAfter(end.minus(AUTHORITY_WARNING)) && !warnedOf.equals(end)) {
      warnedOf = end;
      journal.warn("THE CA IN " + directory.path() + " ENDS ON " + end + ": move ca.pem and ca.crt elsewhere, make a"
          + " new one with weir certs init, and tell every client of it");
    }
  }
}
