package dev.weir.server.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.weir.server.tls.TlsFiles;

/** The CAs whose clients are let in. */
record ClientAuthoritiesReview(List<Path> files, Instant now) {

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    files.forEach(file -> findings.addAll(of(file)));
    return findings;
  }

  private List<Finding> of(Path file) {
    List<Finding> findings = new ArrayList<>();
    try {
      for (X509Certificate authority : TlsFiles.authorities(file)) {
        String what = "the client CA " + authority.getSubjectX500Principal().getName() + " in " + file;
        findings.add(Days.areFew(authority, now)
            ? Finding.warn(CertificateCheck.SUBJECT, what + " ends on " + authority.getNotAfter().toInstant()
                + ": its clients are refused from then on", "add the CA that comes after it to http.tls.clientcas")
            : Finding.ok(CertificateCheck.SUBJECT, what + " is valid until " + authority.getNotAfter().toInstant()));
      }
    } catch (IOException e) {
      findings.add(Finding.fail(CertificateCheck.SUBJECT, Sentences.of(e),
          "put the CA's certificate there in PEM, or take the file out of http.tls.clientcas"));
    }
    return findings;
  }
}
