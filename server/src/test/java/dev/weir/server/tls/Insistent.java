package dev.weir.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedKeyManager;

import org.jspecify.annotations.Nullable;

/** Shows one certificate, whichever CAs the server names. */
final class Insistent extends X509ExtendedKeyManager {
  private final Issued issued;

  Insistent(Issued issued) {
    this.issued = issued;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[]{"client"};
  }

  @Override
  public String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return "client";
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return new X509Certificate[]{issued.certificate()};
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return issued.key();
  }
}
