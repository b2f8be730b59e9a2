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
  private static final String WITHOUT_CREDENTIALS = "401 Unauthorized, and there are no credentials for it";

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
      return credentials(path(call)).<Authorization>map(Authorization.Basic::new).orElseGet(Authorization.None::new);
    }
    TokenRequest request = tokenRequest(call.action(), path(call), known, scopes(call));
    return new Authorization.Bearer(request, tokens.get(request));
  }

  /**
   * What to answer to a 401.
   *
   * @param rejected what the request showed that was refused
   * @throws UpstreamException DENIED if there is nothing else to show
   */
  Authorization answer(Call call, List<Challenge> challenges, Authorization rejected) throws UpstreamException {
    Challenge challenge = choose(call.action(), challenges);
    if (isBasic(challenge)) {
      return answerBasic(call, challenge, rejected);
    }
    List<String> scopes = learnScopes(call, challenge);
    TokenRequest request = tokenRequest(call.action(), path(call), challenge, scopes);
    last = challenge;
    if (rejected instanceof Authorization.Bearer bearer && bearer.request().equals(request)) {
      if (bearer.held().isNew()) {
        throw denied(call.action(), "401 Unauthorized, with a token from a moment ago");
      }
      return new Authorization.Bearer(request, tokens.replace(request, bearer.held().token()));
    }
    return new Authorization.Bearer(request, tokens.get(request));
  }

  /**
   * What to show at the root of the API, where no repository is spoken of: as for a login, a token without a scope.
   * Remembers nothing.
   *
   * @throws UpstreamException DENIED if there is nothing to show
   */
  Authorization atRoot(String action, List<Challenge> challenges) throws UpstreamException {
    Challenge challenge = choose(action, challenges);
    String path = upstream.path();
    if (isBasic(challenge)) {
      return credentials(path).<Authorization>map(Authorization.Basic::new)
          .orElseThrow(() -> denied(action, WITHOUT_CREDENTIALS));
    }
    TokenRequest request = tokenRequest(action, path, challenge, scopes(challenge).orElse(List.of()));
    return new Authorization.Bearer(request, tokens.get(request));
  }

  private Authorization answerBasic(Call call, Challenge challenge, Authorization rejected) throws UpstreamException {
    Optional<Credentials> known = credentials(path(call));
    if (known.isEmpty()) {
      throw denied(call.action(), WITHOUT_CREDENTIALS);
    }
    last = challenge;
    Authorization basic = new Authorization.Basic(known.get());
    if (basic.equals(rejected)) {
      throw denied(call.action(), "401 Unauthorized: it does not take our credentials");
    }
    return basic;
  }

  private static Challenge choose(String action, List<Challenge> challenges) throws UpstreamException {
    return challenges.stream().filter(it -> it.scheme().equals("bearer") && it.parameter("realm").isPresent())
        .findFirst().or(() -> challenges.stream().filter(Authorizer::isBasic).findFirst())
        .orElseThrow(() -> denied(action, "401 Unauthorized, and it asks for neither Bearer nor Basic"));
  }

  private static boolean isBasic(Challenge challenge) {
    return challenge.scheme().equals("basic");
  }

  private List<String> scopes(Call call) {
    List<String> unusual = unusualScopes.getIfPresent(path(call));
    return unusual != null ? unusual : List.of(usualScope(call));
  }

  private List<String> learnScopes(Call call, Challenge challenge) {
    List<String> asked = scopes(challenge).orElse(List.of(usualScope(call)));
    if (asked.equals(List.of(usualScope(call)))) {
      unusualScopes.invalidate(path(call));
    } else {
      unusualScopes.put(path(call), List.copyOf(asked));
    }
    return asked;
  }

  private static Optional<List<String>> scopes(Challenge challenge) {
    return challenge.parameter("scope").map(it -> Arrays.asList(it.strip().split(" +")));
  }

  private String usualScope(Call call) {
    return "repository:" + path(call) + ":pull";
  }

  /** @param path of the repository at the upstream */
  private TokenRequest tokenRequest(String action, String path, Challenge challenge, List<String> scopes)
      throws UpstreamException {
    String text = challenge.parameter("realm").orElse("");
    URI realm = Locations.resolve(upstream.root(), text).filter(it -> it.getHost() != null)
        .orElseThrow(() -> denied(action, "its token realm is no address"));
    Optional<String> objection = trust.objection(upstream.root(), realm);
    if (objection.isPresent()) {
      throw denied(action, "its token realm leads to " + objection.get());
    }
    Optional<Credentials> known = credentials(path);
    if (known.isPresent() && !trust.maySeeCredentials(realm)) {
      throw denied(action, "its token realm " + Origin.of(realm)
          + " is not on its own domain and not listed in realms, so it does not get our credentials");
    }
    return new TokenRequest(realm, challenge.parameter("service"), List.copyOf(scopes), known);
  }

  private String path(Call call) {
    return upstream.pathOf(call.repository());
  }

  private Optional<Credentials> credentials(String path) {
    return credentials.credentials(upstream.origin().hostAndPort(), path);
  }

  private static UpstreamException denied(String action, String happened) {
    return new UpstreamException(Kind.DENIED, action, happened);
  }
}
