package dev.weir.server.upstream;

import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.weir.server.upstream.UpstreamException.Kind;

/**
 * The bearer tokens of one upstream. However many ask at once, each is fetched once: the first fetches on its own thread,
 * the others wait for that, and share its failure too. Thread-safe.
 */
final class Tokens {
  /** Fetches; blocks. */
  @FunctionalInterface
  interface Server {
    Token fetch(TokenRequest request) throws UpstreamException;
  }

  /** @param isNew it was fetched for this very caller */
  record Held(Token token, boolean isNew) {}

  private static final int MOST = 10_000;

  private final Server server;
  private final InstantSource clock;
  private final Cache<TokenRequest, CompletableFuture<Token>> held = Caffeine.newBuilder().maximumSize(MOST).build();

  Tokens(Server server, InstantSource clock) {
    this.server = server;
    this.clock = clock;
  }

  /** One that is good for a while yet. */
  Held get(TokenRequest request) throws UpstreamException {
    while (true) {
      CompletableFuture<Token> mine = new CompletableFuture<>();
      CompletableFuture<Token> present = held.asMap().putIfAbsent(request, mine);
      if (present == null) {
        return new Held(fetch(request, mine), true);
      }
      Token token = await(present);
      if (token.isFresh(clock.instant())) {
        return new Held(token, false);
      }
      held.asMap().remove(request, present);
    }
  }

  /** Another one than {@code rejected}, which the upstream would not take. */
  Held replace(TokenRequest request, Token rejected) throws UpstreamException {
    CompletableFuture<Token> present = held.getIfPresent(request);
    if (present != null && present.isDone() && !present.isCompletedExceptionally()
        && present.join().value().equals(rejected.value())) {
      held.asMap().remove(request, present);
    }
    return get(request);
  }

  private Token fetch(TokenRequest request, CompletableFuture<Token> mine) throws UpstreamException {
    try {
      Token token = server.fetch(request);
      mine.complete(token);
      return token;
    } catch (UpstreamException e) {
      held.asMap().remove(request, mine);
      mine.completeExceptionally(e);
      throw e;
    } finally {
      if (mine.cancel(false)) { // an unexpected exception is on its way out
        held.asMap().remove(request, mine);
      }
    }
  }

  private static Token await(CompletableFuture<Token> present) throws UpstreamException {
    try {
      return present.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UpstreamException cause) {
        throw cause.again();
      }
      throw e;
    } catch (CancellationException e) {
      throw new UpstreamException(Kind.FAILED, "get a token", "the request could not be made", e);
    }
  }
}
