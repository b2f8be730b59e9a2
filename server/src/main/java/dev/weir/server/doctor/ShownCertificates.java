package dev.weir.server.doctor;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

import dev.weir.server.config.UpstreamConfig;
import dev.weir.server.tls.SubjectNames;

/**
 * Why an upstream's certificate is not trusted.
 *
 * @param chain as whoever answered showed it; may be empty
 */
record ShownCertificates(UpstreamConfig upstream, List<X509Certificate> chain, Instant now) {

  /** @param trouble what the attempt ended with */
  Finding finding(String trouble) {
    String subject = UpstreamCheck.subject(upstream);
    URI remote = upstream.remoteUrl();
    if (chain.isEmpty()) {
      return Finding.fail(subject, trouble, "see what answers there: curl -v " + remote + "/v2/; if it speaks plain"
          + " HTTP, write http:// in upstreams." + upstream.name() + ".remoteurl");
    }
    X509Certificate own = chain.getFirst();
    String shown = trouble + "; it shows a certificate for " + named(own);
    if (now.isAfter(own.getNotAfter().toInstant()) || now.isBefore(own.getNotBefore().toInstant())) {
      return Finding.fail(subject, shown + " that is valid from " + own.getNotBefore().toInstant() + " until "
          + own.getNotAfter().toInstant(),
          "look at the clock here first; if it is right, whoever runs "
              + remote.getHost() + " has to renew it");
    }
    if (!SubjectNames.of(own).cover(remote.getHost())) {
      return Finding.fail(subject, shown + ", which is not " + remote.getHost(),
          "set upstreams." + upstream.name() + ".remoteurl to a name that is in it, or see who answers in its place");
    }
    String issuer = chain.getLast().getIssuerX500Principal().getName();
    return Finding.fail(subject, shown + ", and the authority that signed it is not trusted here: " + issuer,
        "get the certificate of " + issuer + " from whoever runs it (or the proxy that breaks TLS open), and name its"
            + " PEM file in upstreams." + upstream.name() + ".cafile, or add it to the system's: update-ca-trust, or"
            + " update-ca-certificates");
  }

  private static String named(X509Certificate certificate) {
    SubjectNames names = SubjectNames.of(certificate);
    return names.isEmpty() ? certificate.getSubjectX500Principal().getName() : names.toString();
  }
}
