package dev.weir.server.upstream;

import java.util.Optional;

import dev.weir.auth.Credentials;

/** What a request shows to the upstream's own host, and to nobody else. */
sealed interface Authorization {
  /** The value of the {@code Authorization} header. */
  Optional<String> header();

  record None() implements Authorization {
    @Override
    public Optional<String> header() {
      return Optional.empty();
    }
  }

  record Basic(Credentials credentials) implements Authorization {
    @Override
    public Optional<String> header() {
      return Optional.of(credentials.basic());
    }
  }

  record Bearer(TokenRequest request, Tokens.Held held) implements Authorization {
    @Override
    public Optional<String> header() {
      return Optional.of("Bearer " + held.token().value());
    }
  }
}
