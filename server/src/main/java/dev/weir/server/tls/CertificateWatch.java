package dev.weir.server.tls;

import java.io.IOException;
import java.time.InstantSource;

import org.jspecify.annotations.Nullable;

/**
 * Takes a certificate and its key up anew when the files change. While what lies there is of no use (half written, a key
 * of another certificate, gone), what was taken last stays, and one warning says so.
 *
 * <p>Used by one thread at a time.
 */
public final class CertificateWatch {
  private final TlsFiles files;
  private final InstantSource clock;
  private final Taker taker;
  private final Journal journal;
  private TlsMaterial inForce;
  private TlsFiles.Contents contents;
  /** Of no use once: may be half way to something better, so the next look decides. */
  private @Nullable Finding suspect;
  /** Of no use, and it has been said. */
  private @Nullable Finding refused;

  /** Puts what was read in force. */
  @FunctionalInterface
  public interface Taker {
    void take(TlsMaterial material) throws IOException;
  }

  /** What a look found: the files' contents, or null where one could not be read. */
  private record Finding(TlsFiles.@Nullable Contents contents, String trouble) {
    boolean sameAs(@Nullable Finding other) {
      return other != null && trouble.equals(other.trouble) && sameContents(other);
    }

    private boolean sameContents(Finding other) {
      TlsFiles.Contents mine = contents;
      TlsFiles.Contents others = other.contents;
      if (mine == null || others == null) {
        return mine == null && others == null;
      }
      return mine.sameAs(others);
    }
  }

  private CertificateWatch(TlsFiles files, InstantSource clock, Taker taker, Journal journal,
      TlsFiles.Contents contents, TlsMaterial inForce) {
    this.files = files;
    this.clock = clock;
    this.taker = taker;
    this.journal = journal;
    this.contents = contents;
    this.inForce = inForce;
  }

  /**
   * Reads the files for the first time.
   *
   * @param taker given everything that is read from now on, what is there already first
   * @throws IOException if there is nothing to begin with
   */
  public static CertificateWatch begin(TlsFiles files, InstantSource clock, Taker taker, Journal journal)
      throws IOException {
    TlsFiles.Contents contents = files.read();
    TlsMaterial material = files.parse(contents);
    CertificateReview.of(files.certificate(), material.chain(), clock.instant()).forEach(journal::warn);
    taker.take(material);
    return new CertificateWatch(files, clock, taker, journal, contents, material);
  }

  /** Looks whether there is something new. */
  public void look() {
    try {
      TlsFiles.Contents found = files.read();
      if (found.sameAs(contents)) {
        suspect = null;
        refused = null;
      } else {
        take(found);
      }
    } catch (TlsException e) {
      doubt(new Finding(null, String.valueOf(e.getMessage())));
    }
  }

  private void take(TlsFiles.Contents found) {
    try {
      TlsMaterial next = files.parse(found);
      noWorse(next);
      taker.take(next);
      contents = found;
      inForce = next;
      suspect = null;
      refused = null;
      journal.note("took up the certificate in " + files.certificate() + " anew; it is valid until "
          + next.certificate().getNotAfter().toInstant());
      CertificateReview.of(files.certificate(), next.chain(), clock.instant()).forEach(journal::warn);
    } catch (IOException e) {
      doubt(new Finding(found, String.valueOf(e.getMessage())));
    }
  }

  private void noWorse(TlsMaterial next) throws TlsException {
    if (CertificateReview.hasEnded(next.certificate(), clock.instant())
        && !CertificateReview.hasEnded(inForce.certificate(), clock.instant())) {
      throw new TlsException("the certificate in " + files.certificate() + " ended on "
          + next.certificate().getNotAfter().toInstant());
    }
  }

  private void doubt(Finding finding) {
    if (finding.sameAs(refused)) {
      return;
    }
    if (finding.sameAs(suspect)) {
      journal.warn(finding.trouble() + "; the certificate that was in use stays in use");
      refused = finding;
    }
    suspect = finding;
  }
}
