package dev.weir.server.tls;

import java.security.cert.X509Certificate;
import java.util.Set;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Who a client is by its certificate: the common name of its subject; the whole subject where there is none, or where that
 * means something else in rules and logs.
 */
public final class ClientName {
  private static final Set<String> RESERVED = Set.of("-", "*", "anonymous");

  private ClientName() {}

  public static String of(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    try {
      return new LdapName(subject).getRdns().reversed().stream().filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
          .map(Rdn::getValue).map(String::valueOf).filter(name -> !name.isBlank() && !RESERVED.contains(name))
          .findFirst()
          .orElse(subject);
    } catch (InvalidNameException e) {
      return subject;
    }
  }
}
