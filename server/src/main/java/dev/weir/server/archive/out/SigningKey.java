package dev.weir.server.archive.out;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Signs as {@code openssl dgst -sha256 -sign} does. */
public final class SigningKey {
  private final PrivateKey key;
  private final String algorithm;

  private SigningKey(PrivateKey key, String algorithm) {
    this.key = key;
    this.algorithm = algorithm;
  }

  /**
   * Reads one.
   *
   * @param file a private key in PEM, RSA or EC, without a pass phrase
   * @throws IOException if it is none; the message is a sentence
   */
  public static SigningKey read(Path file) throws IOException {
    try (Reader text = Files.newBufferedReader(file, ISO_8859_1); PEMParser parser = new PEMParser(text)) {
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        switch (block) {
          case PrivateKeyInfo info -> {
            return of(file, info);
          }
          case PEMKeyPair pair -> {
            return of(file, pair.getPrivateKeyInfo());
          }
          default -> {
            // what else stands there, such as the parameters of a curve, is no key
          }
        }
      }
    } catch (PEMException e) {
      throw new IOException(file + " cannot be read as a private key in PEM: " + e.getMessage(), e);
    }
    throw new IOException(file + " holds no private key in PEM that can be read without a pass phrase");
  }

  private static SigningKey of(Path file, PrivateKeyInfo info) throws IOException {
    PrivateKey key = new JcaPEMKeyConverter().getPrivateKey(info);
    return switch (key.getAlgorithm()) {
      case "RSA" -> new SigningKey(key, "SHA256withRSA");
      case "EC", "ECDSA" -> new SigningKey(key, "SHA256withECDSA");
      default -> throw new IOException(file + " is a key for " + key.getAlgorithm()
          + "; archives are signed with RSA or EC keys, since openssl dgst checks those");
    };
  }

  byte[] sign(byte[] text) throws IOException {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IOException("sign with " + algorithm + ": " + e.getMessage(), e);
    }
  }
}
