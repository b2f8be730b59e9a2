package dev.weir.server.registry;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import dev.weir.server.upstream.UpstreamException;

/**
 * Asks several upstream repositories in order, as an alias wants it. What one says decides only if it has the thing: if
 * none has, a failure outweighs a refusal, and a refusal outweighs an absence, since only if all say so is it absent.
 */
final class FirstThatHas {
  /** What is asked of one of them. */
  @FunctionalInterface
  interface Question<T> {
    T ask(UpstreamRepository repository) throws IOException;
  }

  private FirstThatHas() {}

  /** @param repositories at least one */
  static <T> T of(List<UpstreamRepository> repositories, Question<T> question) throws IOException {
    Optional<UpstreamException> worst = Optional.empty();
    for (UpstreamRepository repository : repositories) {
      UpstreamHealth health = repository.upstream().health();
      try {
        T answer = question.ask(repository);
        health.answered();
        return answer;
      } catch (IOException e) {
        UpstreamException said = UpstreamAnswers.upstreamPart(e).orElseThrow(() -> e);
        note(said, health);
        worst = worst.filter(before -> weight(before) >= weight(said)).or(() -> Optional.of(said));
      }
    }
    throw worst.orElseThrow(() -> new IllegalArgumentException("asked nobody"));
  }

  private static void note(UpstreamException e, UpstreamHealth health) {
    switch (e.kind()) {
      case FAILED, TIMED_OUT -> health.failed();
      case ABSENT, DENIED, RATE_LIMITED -> health.answered();
    }
  }

  /** The greater says more about whether the thing exists elsewhere: what is not known outweighs what is. */
  static int weight(UpstreamException e) {
    return switch (e.kind()) {
      case ABSENT -> 0;
      case DENIED -> 1;
      case RATE_LIMITED, FAILED, TIMED_OUT -> 2;
    };
  }
}
