package dev.weir.server.openshift;

import java.util.Base64;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What a cluster is let in with. */
public record Login(String user, String password) {
  public Login {
    if (user.isEmpty() || user.contains(":")) {
      throw new IllegalArgumentException("'" + user + "' is no user's name: it is empty or has a colon");
    }
    if (password.isEmpty()) {
      throw new IllegalArgumentException("the password of " + user + " is empty");
    }
  }

  String encoded() {
    return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  @Override
  public String toString() {
    return user;
  }
}
