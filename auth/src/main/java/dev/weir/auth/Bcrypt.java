package dev.weir.auth;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Pattern;

import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** bcrypt as htpasswd files have it. Takes its time: twice as long for each step of the cost. */
final class Bcrypt {
  static final int LOWEST_COST = 4;
  /** Beyond it one guess takes the better part of a minute. */
  static final int HIGHEST_COST = 18;
  /** What follows is cut off by every implementation. */
  static final int LONGEST_SECRET_BYTES = 72;

  private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");
  private static final int SALT_BYTES = 16;
  private static final byte[] NO_SALT = new byte[SALT_BYTES];
  private static final byte[] NO_SECRET = "nobody's".getBytes(StandardCharsets.UTF_8);

  private Bcrypt() {}

  /** Whether this is a bcrypt hash, of any cost that weir computes. */
  static boolean isHash(String text) {
    return FORM.matcher(text).matches() && cost(text) >= LOWEST_COST && cost(text) <= HIGHEST_COST;
  }

  static int cost(String hash) {
    return Integer.parseInt(hash.substring(4, 6));
  }

  static boolean matches(String hash, byte[] secret) {
    return OpenBSDBCrypt.checkPassword(hash, secret);
  }

  /** Takes as long as {@link #matches} does with a hash of this cost. */
  static void spend(int cost) {
    String unused = OpenBSDBCrypt.generate("2y", NO_SECRET, NO_SALT, cost);
    if (unused.isEmpty()) {
      throw new IllegalStateException("bcrypt gave nothing");
    }
  }

  static String hash(byte[] secret, int cost) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return OpenBSDBCrypt.generate("2y", secret, salt, cost);
  }
}
