package dev.weir.server.push;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.weir.storage.RepositoryName;

/**
 * Proves that weir itself made an upload's address, for this repository and this user: the {@code _state} in it, an
 * HMAC under {@code http.secret}. Whoever guesses a session's name has nothing. Thread-safe.
 */
public final class Seal {
  private static final String ALGORITHM = "HmacSHA256";

  private final Secret secret;

  /** At least one byte; replicas behind one address share it. May have to be fetched first. */
  @FunctionalInterface
  public interface Secret {
    byte[] bytes() throws IOException;
  }

  public Seal(byte[] secret) {
    this(() -> secret);
  }

  public Seal(Secret secret) {
    this.secret = secret;
  }

  String of(RepositoryName name, String session, String owner) throws IOException {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.bytes(), ALGORITHM));
      byte[] sealed = mac.doFinal((name + "\n" + session + "\n" + owner).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  boolean isOf(RepositoryName name, String session, String owner, String state) throws IOException {
    return MessageDigest.isEqual(of(name, session, owner).getBytes(StandardCharsets.US_ASCII),
        state.getBytes(StandardCharsets.US_ASCII));
  }
}
