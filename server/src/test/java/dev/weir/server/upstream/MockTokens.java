package dev.weir.server.upstream;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.weir.auth.Credentials;

/** A token server. Each token is another one, and good until it is revoked. */
final class MockTokens {
  private final AtomicInteger issued = new AtomicInteger();
  private final Set<String> good = ConcurrentHashMap.newKeySet();
  private volatile Optional<Credentials> needed = Optional.empty();
  private volatile String template;

  /** @param template the answer, with {@code TOKEN} where an opaque and {@code JWT} where a speaking token is to stand */
  MockTokens(String template) {
    this.template = template;
  }

  void need(Credentials credentials) {
    needed = Optional.of(credentials);
  }

  void answer(String newTemplate) {
    template = newTemplate;
  }

  void revokeAll() {
    good.clear();
  }

  MockAnswer issue(MockRequest request) {
    Optional<String> shown = request.header("Authorization");
    boolean isRight = needed.isPresent() ? shown.equals(needed.map(Credentials::basic)) : shown.isEmpty();
    if (!isRight) {
      return MockAnswer.json(401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"no\"}]}");
    }
    String value = template.contains("JWT") ? jwt() : "opaque-" + issued.incrementAndGet();
    good.add(value);
    return MockAnswer.json(200, template.replace("TOKEN", value).replace("JWT", value));
  }

  boolean accepts(MockRequest request) {
    return request.header("Authorization").filter(value -> value.startsWith("Bearer "))
        .filter(value -> good.contains(value.substring(7))).isPresent();
  }

  /** Lives an hour by its own clock. */
  private String jwt() {
    int number = issued.incrementAndGet();
    return part("{\"alg\":\"none\"}") + "." + part("{\"iat\":1000,\"exp\":4600,\"jti\":\"" + number + "\"}") + ".c2ln";
  }

  private static String part(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
