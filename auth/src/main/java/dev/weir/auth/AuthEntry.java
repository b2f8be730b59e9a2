package dev.weir.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/** One entry of {@code auths}. */
final class AuthEntry {
  private AuthEntry() {}

  /**
   * @return empty for an entry without credentials, as {@code docker login} with a helper leaves behind
   * @throws IllegalArgumentException whose message says why the entry is of no use, without what it holds
   */
  static Optional<Credentials> parse(JsonNode entry) {
    String auth = entry.path("auth").asText("").strip();
    if (!auth.isEmpty()) {
      return Optional.of(withPassword(decoded(auth), entry));
    }
    String username = entry.path("username").asText("");
    if (username.isEmpty()) {
      refuseIdentityToken(entry);
      return Optional.empty();
    }
    return Optional.of(withPassword(new Credentials(username, entry.path("password").asText("")), entry));
  }

  /** A user name may hold {@code |}, a password may hold {@code :}. */
  private static Credentials decoded(String auth) {
    String pair = new String(bytes(auth), StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("its auth is not user:password in base64");
    }
    return new Credentials(pair.substring(0, colon), withoutPadding(pair.substring(colon + 1)));
  }

  private static byte[] bytes(String auth) {
    try {
      return Base64.getDecoder().decode(auth);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("its auth is not base64");
    }
  }

  /** Old docker clients pad with NUL. */
  private static String withoutPadding(String password) {
    int end = password.length();
    while (end > 0 && password.charAt(end - 1) == 0) {
      end--;
    }
    return password.substring(0, end);
  }

  private static Credentials withPassword(Credentials credentials, JsonNode entry) {
    if (credentials.password().isEmpty()) {
      refuseIdentityToken(entry);
    }
    return credentials;
  }

  private static void refuseIdentityToken(JsonNode entry) {
    if (!entry.path("identitytoken").asText("").isEmpty()) {
      throw new IllegalArgumentException("it has an identitytoken only, and weir needs user and password");
    }
  }
}
