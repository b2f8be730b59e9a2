package dev.weir.server.upstream;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads what a token server answers (distribution, "Token Authentication"; OAuth 2 says {@code access_token}). Pure. */
final class TokenAnswer {
  /** What clients assume where nothing is stated. */
  private static final Duration ASSUMED_LIFE = Duration.ofSeconds(60);
  private static final long LONGEST_LIFE_SECONDS = Duration.ofDays(1).toSeconds();
  private static final int LONGEST_TOKEN = 64 * 1024;

  private TokenAnswer() {}

  /** Empty if there is no token in it that could be sent. */
  static Optional<Token> parse(byte[] body, Instant now) {
    JsonNode root = json(body);
    return text(root, "token").or(() -> text(root, "access_token"))
        .filter(TokenAnswer::canBeSent)
        .map(value -> Token.living(value, now, life(root, value, now)));
  }

  private static Duration life(JsonNode root, String token, Instant now) {
    OptionalLong stated = number(root.path("expires_in"));
    OptionalLong seconds = stated.isPresent() ? stated : lifeOfJwt(token, now);
    return seconds.isPresent() ? Duration.ofSeconds(Math.min(seconds.getAsLong(), LONGEST_LIFE_SECONDS)) : ASSUMED_LIFE;
  }

  /** From its issue to its end by the issuer's clock, since ours may be wrong; by ours if it names no issue. */
  private static OptionalLong lifeOfJwt(String token, Instant now) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return OptionalLong.empty();
    }
    JsonNode claims = claims(parts[1]);
    OptionalLong end = number(claims.path("exp"));
    if (end.isEmpty()) {
      return end;
    }
    long seconds = end.getAsLong() - number(claims.path("iat")).orElse(now.getEpochSecond());
    return seconds > 0 ? OptionalLong.of(seconds) : OptionalLong.empty();
  }

  private static JsonNode claims(String part) {
    try {
      return json(Base64.getUrlDecoder().decode(part));
    } catch (IllegalArgumentException e) {
      return UpstreamJson.MAPPER.missingNode();
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode root = UpstreamJson.MAPPER.readTree(body);
      return root == null ? UpstreamJson.MAPPER.missingNode() : root;
    } catch (IOException e) {
      return UpstreamJson.MAPPER.missingNode();
    }
  }

  private static Optional<String> text(JsonNode root, String field) {
    return Optional.ofNullable(root.path(field).textValue()).filter(value -> !value.isEmpty());
  }

  /** Some servers write their numbers in quotes. What is not positive states nothing. */
  private static OptionalLong number(JsonNode node) {
    OptionalLong found = node.isTextual()
        ? Numbers.parse(node.textValue())
        : node.isNumber() && node.canConvertToLong() ? OptionalLong.of(node.longValue()) : OptionalLong.empty();
    return found.isPresent() && found.getAsLong() > 0 ? found : OptionalLong.empty();
  }

  private static boolean canBeSent(String token) {
    return token.length() <= LONGEST_TOKEN && token.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
