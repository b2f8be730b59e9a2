package dev.weir.server.doctor;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/** Whether a server's file holds all certificates between its own and the CA that clients trust, as far as one can see. */
record ChainReview(Path file, List<X509Certificate> chain) {
  /** Says where the issuer's certificate can be fetched: CAs with intermediates do. */
  private static final String AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";

  Finding finding() {
    X509Certificate last = chain.getLast();
    String issuer = last.getIssuerX500Principal().getName();
    boolean pointsFurther = last.getExtensionValue(AUTHORITY_INFORMATION_ACCESS) != null;
    return chain.size() == 1 && pointsFurther
        ? Finding.warn(CertificateCheck.SUBJECT, file + " holds one certificate alone, signed by " + issuer
            + ", which may be an intermediate CA: then clients cannot find the way to its root",
            "if " + issuer + " is not itself the CA that clients trust, append its certificate to " + file)
        : Finding.ok(CertificateCheck.SUBJECT, "clients are to trust " + issuer + ", where " + chain.size()
            + (chain.size() == 1 ? " certificate leads" : " certificates lead") + " in " + file);
  }
}
