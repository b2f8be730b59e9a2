package dev.weir.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Secrets that were found right, each as a hash under a key that only this process has, with the entry that it was right
 * for: when the entry changes, it is right no more. Thread-safe.
 */
final class VerifiedSecrets {
  private static final String ALGORITHM = "HmacSHA256";
  static final int MOST = 20_000;

  private final SecretKeySpec key;
  /** Fingerprint to the entry's bcrypt hash. */
  private final Cache<String, String> entries = Caffeine.newBuilder().maximumSize(MOST).build();

  VerifiedSecrets(SecureRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /** Stands for the pair; tells nothing of it to anyone without the key. */
  String fingerprint(String user, byte[] secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] name = user.getBytes(StandardCharsets.UTF_8);
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).flip());
      mac.update(name);
      return HexFormat.of().formatHex(mac.doFinal(secret));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  boolean holds(String fingerprint, String entry) {
    return entry.equals(entries.getIfPresent(fingerprint));
  }

  long remembered() {
    entries.cleanUp();
    return entries.estimatedSize();
  }

  void add(String fingerprint, String entry) {
    entries.put(fingerprint, entry);
  }
}
