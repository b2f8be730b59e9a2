package dev.weir.server.upstream;

import java.time.InstantSource;
import java.util.List;

import dev.weir.auth.Credentials;
import dev.weir.server.upstream.Call.Header;

/** Asks a token realm. Whether the realm may be asked, and with what, was decided before. Redirects are not followed. */
final class TokenServer implements Tokens.Server {
  private static final int LARGEST_ANSWER = 1024 * 1024;

  private final String upstream;
  private final Wire wire;
  private final InstantSource clock;

  TokenServer(String upstream, Wire wire, InstantSource clock) {
    this.upstream = upstream;
    this.wire = wire;
    this.clock = clock;
  }

  @Override
  public Token fetch(TokenRequest request) throws UpstreamException {
    String scopes = request.scopes().isEmpty() ? "" : " for " + Text.clean(String.join(" ", request.scopes()));
    String action = "get a token" + scopes + " of " + upstream + " from "
        + Origin.of(request.realm()).hostAndPort()
        + (request.credentials().isPresent() ? " with our credentials" : " without credentials");
    List<Header> headers = request.credentials().map(Credentials::basic)
        .map(value -> List.of(new Header("Authorization", value))).orElse(List.of());
    try (Reply reply = wire.send(action, "GET", request.address(), headers, false)) {
      return read(action, reply);
    }
  }

  private Token read(String action, Reply reply) throws UpstreamException {
    if (reply.status() == 404 || reply.status() == 410) {
      throw UpstreamException.failed(action, Failures.words(reply.status()));
    }
    if (reply.status() != 200) {
      throw Failures.of(action, reply, clock.instant());
    }
    return TokenAnswer.parse(reply.body().readAll(LARGEST_ANSWER), clock.instant())
        .orElseThrow(() -> UpstreamException.failed(action, "there is no token in the answer"));
  }
}
