package dev.weir.server.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a port shows and believes.
 *
 * @param chain             the server's own certificate, then those that lead to its CA
 * @param key               belongs to the first of them
 * @param clientAuthorities whose certificates clients may show; empty where none is asked for
 */
public record TlsMaterial(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientAuthorities) {
  public TlsMaterial {
    chain = List.copyOf(chain);
    clientAuthorities = List.copyOf(clientAuthorities);
  }

  /** The server's own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** Whether what {@code key} signs, {@code certificate} verifies. */
  static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
    PublicKey shown = certificate.getPublicKey();
    if (!shown.getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    try {
      byte[] text = {1, 2, 3, 4};
      Signature signing = Signature.getInstance(signatureOf(key));
      signing.initSign(key);
      signing.update(text);
      Signature verifying = Signature.getInstance(signatureOf(key));
      verifying.initVerify(shown);
      verifying.update(text);
      return verifying.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static String signatureOf(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }
}
