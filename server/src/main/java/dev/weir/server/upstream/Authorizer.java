package dev.weir.server.upstream;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

import dev.weir.auth.Credentials;
import dev.weir.server.upstream.UpstreamException.Kind;

/**
 * Answers an upstream's challenges, and remembers the last one, so that a request to it needs no challenge of its own.
 * Decides who gets credentials. Thread-safe.
 */
final class Authorizer {
  private static final int MOST_REPOSITORIES = 10_000;

  private final UpstreamAddress upstream;
  private final CredentialsSource credentials;
  private final Trust trust;
  private final Tokens tokens;
  /** What repositories asked for, where that is not simply to pull from themselves. */
  private final Cache<String, List<String>> unusualScopes = Caffeine.newBuilder().maximumSize(MOST_REPOSITORIES)
      .build();
  private volatile @Nullable Challenge last;

  Authorizer(UpstreamAddress upstream, CredentialsSource credentials, Trust trust, Tokens tokens) {
    this.upstream = upstream;
    this.credentials = credentials;
    this.trust = trust;
    this.tokens = tokens;
  }

  /** What the upstream will ask for, going by what it asked for before. */
  Authorization expected(Call call) throws UpstreamException {
    Challenge known = last;
    if (known == null) {
      return new Authorization.None();
    }
    if (isBasic(known)) {
      return credentials(call).<Authorization>map(Authorization.Basic::new).orElseGet(Authorization.None::new);
    }
    TokenRequest request = tokenRequest(call, known, scopes(call));
    return new Authorization.Bearer(request, tokens.get(request));
  }

  /**
   * What to answer to a 401.
   *
   * @param rejected what the request showed that was refused
   * @throws UpstreamException DENIED if there is nothing else to show
   */
  Authorization answer(Call call, List<Challenge> challenges, Authorization rejected) throws UpstreamException {
    Challenge challenge = choose(call, challenges);
    if (isBasic(challenge)) {
      return answerBasic(call, challenge, rejected);
    }
    List<String> scopes = learnScopes(call, challenge);
    TokenRequest request = tokenRequest(call, challenge, scopes);
    last = challenge;
    if (rejected instanceof Authorization.Bearer bearer && bearer.request().equals(request)) {
      if (bearer.held().isNew()) {
        throw denied(call, "401 Unauthorized, with a token from a moment ago");
      }
      return new Authorization.Bearer(request, tokens.replace(request, bearer.held().token()));
    }
    return new Authorization.Bearer(request, tokens.get(request));
  }

  private Authorization answerBasic(Call call, Challenge challenge, Authorization rejected) throws UpstreamException {
    Optional<Credentials> known = credentials(call);
    if (known.isEmpty()) {
      throw denied(call, "401 Unauthorized, and there are no credentials for it");
    }
    last = challenge;
    Authorization basic = new Authorization.Basic(known.get());
    if (basic.equals(rejected)) {
      throw denied(call, "401 Unauthorized: it does not take our credentials");
    }
    return basic;
  }

  private static Challenge choose(Call call, List<Challenge> challenges) throws UpstreamException {
    return challenges.stream().filter(it -> it.scheme().equals("bearer") && it.parameter("realm").isPresent())
        .findFirst().or(() -> challenges.stream().filter(Authorizer::isBasic).findFirst())
        .orElseThrow(() -> denied(call, "401 Unauthorized, and it asks for neither Bearer nor Basic"));
  }

  private static boolean isBasic(Challenge challenge) {
    return challenge.scheme().equals("basic");
  }

  private List<String> scopes(Call call) {
    List<String> unusual = unusualScopes.getIfPresent(upstream.pathOf(call.repository()));
    return unusual != null ? unusual : List.of(usualScope(call));
  }

  private List<String> learnScopes(Call call, Challenge challenge) {
    List<String> asked = challenge.parameter("scope").map(it -> Arrays.asList(it.strip().split(" +")))
        .orElse(List.of(usualScope(call)));
    if (asked.equals(List.of(usualScope(call)))) {
      unusualScopes.invalidate(upstream.pathOf(call.repository()));
    } else {
      unusualScopes.put(upstream.pathOf(call.repository()), List.copyOf(asked));
    }
    return asked;
  }

  private String usualScope(Call call) {
    return "repository:" + upstream.pathOf(call.repository()) + ":pull";
  }

  private TokenRequest tokenRequest(Call call, Challenge challenge, List<String> scopes) throws UpstreamException {
    String text = challenge.parameter("realm").orElse("");
    URI realm = Locations.resolve(upstream.root(), text).filter(it -> it.getHost() != null)
        .orElseThrow(() -> denied(call, "its token realm is no address"));
    Optional<String> objection = trust.objection(upstream.root(), realm);
    if (objection.isPresent()) {
      throw denied(call, "its token realm leads to " + objection.get());
    }
    Optional<Credentials> known = credentials(call);
    if (known.isPresent() && !trust.maySeeCredentials(realm)) {
      throw denied(call, "its token realm " + Origin.of(realm)
          + " is not on its own domain and not listed in realms, so it does not get our credentials");
    }
    return new TokenRequest(realm, challenge.parameter("service"), List.copyOf(scopes), known);
  }

  private Optional<Credentials> credentials(Call call) {
    return credentials.credentials(upstream.origin().hostAndPort(), upstream.pathOf(call.repository()));
  }

  private static UpstreamException denied(Call call, String happened) {
    return new UpstreamException(Kind.DENIED, call.action(), happened);
  }
}
