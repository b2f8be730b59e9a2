package dev.weir.server.archive;

import java.util.Base64;
import java.util.Optional;

import dev.weir.auth.Credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A name and a password with every request (RFC 7617). */
public record BasicLogin(Credentials credentials) implements RegistryClient.Login {
  @Override
  public Optional<String> header(String path) {
    String pair = credentials.username() + ":" + credentials.password();
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
  }
}
