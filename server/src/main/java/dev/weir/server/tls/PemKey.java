package dev.weir.server.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Map;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** The private key in a PEM file: PKCS#1, PKCS#8 or SEC1, plain or encrypted. The key itself is of the JDK's making. */
final class PemKey {
  private static final Map<String, String> ALGORITHMS = Map.of("1.2.840.113549.1.1.1", "RSA", "1.2.840.10045.2.1", "EC",
      "1.3.101.112", "Ed25519", "1.3.101.113", "Ed448");
  /** For ciphers of old key files that the JDK has under other names; never registered with the JDK. */
  private static final Provider DECIPHERING = new BouncyCastleProvider();

  private final Path file;
  private final byte @Nullable [] passphrase;

  private PemKey(Path file, byte @Nullable [] passphrase) {
    this.file = file;
    this.passphrase = passphrase;
  }

  /** @param passphrase the content of the passphrase file, whose first line counts; null where there is none */
  static PrivateKey read(Path file, byte[] content, byte @Nullable [] passphrase) throws TlsException {
    return new PemKey(file, passphrase).read(new String(content, ISO_8859_1));
  }

  private PrivateKey read(String text) throws TlsException {
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        PrivateKeyInfo key = keyIn(block);
        if (key != null) {
          return toJdk(key);
        }
      }
    } catch (TlsException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new TlsException(file + " holds a key that cannot be read: " + e.getMessage(), e);
    }
    throw new TlsException(file + " holds no private key in PEM" + (text.isEmpty() ? "; it is empty" : ""));
  }

  private @Nullable PrivateKeyInfo keyIn(Object block) throws IOException {
    return switch (block) {
      case PrivateKeyInfo key -> key;
      case PEMKeyPair pair -> pair.getPrivateKeyInfo();
      case PEMEncryptedKeyPair pair -> decrypt(pair);
      case PKCS8EncryptedPrivateKeyInfo key -> decrypt(key);
      default -> null;
    };
  }

  private PrivateKeyInfo decrypt(PEMEncryptedKeyPair pair) throws IOException {
    char[] secret = secret();
    try {
      return pair.decryptKeyPair(new JcePEMDecryptorProviderBuilder().setProvider(DECIPHERING).build(secret))
          .getPrivateKeyInfo();
    } catch (IOException e) {
      throw wrong(e);
    }
  }

  private PrivateKeyInfo decrypt(PKCS8EncryptedPrivateKeyInfo key) throws IOException {
    char[] secret = secret();
    try {
      return key.decryptPrivateKeyInfo(
          new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(DECIPHERING).build(secret));
    } catch (PKCSException | OperatorCreationException e) {
      throw wrong(e);
    }
  }

  private TlsException wrong(Exception cause) {
    return new TlsException("the key in " + file + " is encrypted, and the passphrase given does not open it", cause);
  }

  private char[] secret() throws TlsException {
    if (passphrase == null) {
      throw new TlsException(
          "the key in " + file + " is encrypted; name the file with its passphrase as http.tls.passphrasefile");
    }
    return new String(passphrase, ISO_8859_1).lines().findFirst().orElse("").toCharArray();
  }

  private PrivateKey toJdk(PrivateKeyInfo key) throws IOException {
    String oid = key.getPrivateKeyAlgorithm().getAlgorithm().getId();
    String algorithm = ALGORITHMS.get(oid);
    if (algorithm == null) {
      throw new TlsException(file + " holds a key of a kind that weir cannot serve with (" + oid
          + "); RSA, EC and Ed25519 work");
    }
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new TlsException(file + " holds a key that this Java cannot use: " + e.getMessage(), e);
    }
  }
}
