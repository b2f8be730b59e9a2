package dev.weir.server.doctor;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** When a secret ends that says so itself (a JWT, RFC 7519). */
final class TokenEnd {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private TokenEnd() {}

  /** Empty for one that says nothing. */
  static Optional<Instant> of(String secret) {
    String[] parts = secret.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      JsonNode end = claims == null ? JSON.missingNode() : claims.path("exp");
      return end.isNumber() && end.canConvertToLong()
          ? Optional.of(Instant.ofEpochSecond(end.longValue()))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
