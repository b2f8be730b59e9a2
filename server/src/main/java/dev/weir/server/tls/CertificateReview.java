package dev.weir.server.tls;

import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** What clients will find wrong with a certificate that can be served: sentences for the log. Pure. */
public final class CertificateReview {
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String ANY_USAGE = "2.5.29.37.0";

  private final Path file;
  private final Instant now;
  private final List<String> concerns = new ArrayList<>();

  private CertificateReview(Path file, Instant now) {
    this.file = file;
    this.now = now;
  }

  /** Nothing here keeps weir from starting: a clock may be wrong, and a client may not mind. */
  public static List<String> of(Path file, List<X509Certificate> chain, Instant now) {
    CertificateReview review = new CertificateReview(file, now);
    chain.forEach(review::validity);
    review.names(chain.getFirst());
    review.usage(chain.getFirst());
    review.order(chain);
    return review.concerns;
  }

  static boolean hasEnded(X509Certificate certificate, Instant now) {
    return now.isAfter(certificate.getNotAfter().toInstant());
  }

  private void validity(X509Certificate certificate) {
    String named = file + ": the certificate of " + subject(certificate);
    String clock = ", and the clock here says " + now.truncatedTo(ChronoUnit.SECONDS) + ": clients refuse it";
    if (hasEnded(certificate, now)) {
      concerns.add(named + " ended on " + certificate.getNotAfter().toInstant() + clock);
    }
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      concerns.add(named + " is valid from " + certificate.getNotBefore().toInstant() + " on" + clock
          + " until then, unless it is the clock here that is wrong");
    }
  }

  private void names(X509Certificate certificate) {
    if (alternativeNames(certificate) == null) {
      concerns.add(file + ": THE CERTIFICATE HAS NO SUBJECT ALTERNATIVE NAME, only the common name in "
          + subject(certificate) + ": podman, CRI-O, oc and all else that is written in Go refuses it with \"x509:"
          + " certificate relies on legacy Common Name field, use SANs instead\"; make one that has them, with weir"
          + " certs issue --san HOST for example");
    }
  }

  private static @Nullable Object alternativeNames(X509Certificate certificate) {
    try {
      return certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return null;
    }
  }

  private void usage(X509Certificate certificate) {
    try {
      List<String> usages = certificate.getExtendedKeyUsage();
      if (usages != null && !usages.contains(SERVER_AUTH) && !usages.contains(ANY_USAGE)) {
        concerns.add(file + ": the certificate is not for servers (its extended key usage lacks serverAuth): clients"
            + " refuse it");
      }
    } catch (CertificateParsingException e) {
      concerns.add(file + ": the certificate's extended key usage cannot be read: " + e.getMessage());
    }
    if (certificate.getSigAlgName().toUpperCase(Locale.ROOT).startsWith("SHA1")) {
      concerns.add(file + ": the certificate is signed with SHA-1, which most clients refuse");
    }
  }

  private void order(List<X509Certificate> chain) {
    for (int i = 1; i < chain.size(); i++) {
      X509Certificate before = chain.get(i - 1);
      if (!before.getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
        concerns.add(file + ": the chain is broken: after the certificate of " + subject(before)
            + " that of its issuer " + before.getIssuerX500Principal().getName() + " is wanted, and that of "
            + subject(chain.get(i)) + " stands there");
      }
    }
  }

  private static String subject(X509Certificate certificate) {
    String name = certificate.getSubjectX500Principal().getName();
    return name.isEmpty() ? "(no subject)" : name;
  }
}
