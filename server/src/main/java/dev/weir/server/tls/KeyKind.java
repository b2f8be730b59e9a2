package dev.weir.server.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** What kind of key is made. */
public enum KeyKind {
  P256, RSA;

  private static final int RSA_BITS = 3072;

  /** The kind that is made beside {@code key}. */
  static KeyKind like(PublicKey key) {
    return key.getAlgorithm().equals("RSA") ? RSA : P256;
  }

  KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(this == RSA ? "RSA" : "EC");
      generator.initialize(this == RSA
          ? new RSAKeyGenParameterSpec(RSA_BITS, RSAKeyGenParameterSpec.F4)
          : new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java makes no keys of kind " + this, e);
    }
  }
}
