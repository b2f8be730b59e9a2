package dev.weir.server.tls;

import java.security.cert.X509Certificate;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Who a client is by its certificate: the common name of its subject, or the whole subject where there is none. */
public final class ClientName {
  private ClientName() {}

  public static String of(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    try {
      return new LdapName(subject).getRdns().reversed().stream().filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
          .map(Rdn::getValue).map(String::valueOf).findFirst().orElse(subject);
    } catch (InvalidNameException e) {
      return subject;
    }
  }
}
