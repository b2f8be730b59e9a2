package dev.weir.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A user name and a secret. Never shown: not in logs, not in messages. */
public record Credentials(String username, String password) {
  /** The value of an {@code Authorization} header (RFC 7617). */
  public String basic() {
    return "Basic " + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "Credentials[" + username + ", ***]";
  }
}
