package dev.weir.server.ui;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Names that a visitor carries and cannot read: where a walk is among repositories that are not his to know. All of one
 * length. As good as this process: after a restart, whoever comes with one begins again. Thread-safe.
 */
final class SealedName {
  /** No repository's name begins with it. */
  private static final String MARK = "~";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 16;
  private static final int NONCE_BYTES = 12;
  private static final int LONGEST = 256;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;

  SealedName() {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "AES");
  }

  String seal(String name) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] text = name.getBytes(UTF_8);
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(Arrays.copyOf(text, Math.max(LONGEST, text.length)));
      byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
      return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java lacks " + CIPHER, e);
    }
  }

  /**
   * The name; what was not sealed stays as it is.
   *
   * @throws RegistryException PAGINATION_NUMBER_INVALID for what nobody here sealed
   */
  String open(String text) throws RegistryException {
    if (!text.startsWith(MARK)) {
      return text;
    }
    try {
      byte[] all = Base64.getUrlDecoder().decode(text.substring(MARK.length()));
      byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
      byte[] name = cipher(Cipher.DECRYPT_MODE, nonce).doFinal(all, NONCE_BYTES,
          Math.max(0, all.length - NONCE_BYTES));
      return new String(name, UTF_8).replaceAll("\0+$", "");
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.PAGINATION_NUMBER_INVALID,
          "last is not from this weir, or from before its start: the list begins again without it", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
