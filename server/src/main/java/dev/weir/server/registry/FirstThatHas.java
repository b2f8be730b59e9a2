package dev.weir.server.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.weir.server.cache.Deadline;
import dev.weir.server.upstream.UpstreamException;

/**
 * Asks several upstream repositories in order, as an alias wants it. What one says decides only if it has the thing: if
 * none has, a failure outweighs a refusal, and a refusal outweighs an absence, since only if all say so is it absent.
 */
final class FirstThatHas {
  /** What is asked of one of them, with a share of the time there is. */
  @FunctionalInterface
  interface Question<T> {
    T ask(UpstreamRepository repository, Duration patience) throws IOException;
  }

  private FirstThatHas() {}

  /**
   * Those that failed a moment ago are asked last, and none may use up what the next would need.
   *
   * @param repositories at least one
   * @param patience for all of them together
   */
  static <T> T of(List<UpstreamRepository> repositories, Duration patience, Question<T> question)
      throws IOException {
    Deadline deadline = Deadline.in(patience);
    Optional<UpstreamException> worst = Optional.empty();
    int left = repositories.size();
    for (UpstreamRepository repository : healthyFirst(repositories)) {
      try {
        return question.ask(repository, deadline.left().dividedBy(left--));
      } catch (IOException e) {
        UpstreamException said = UpstreamAnswers.upstreamPart(e).orElseThrow(() -> e);
        worst = worst.filter(before -> weight(before) >= weight(said)).or(() -> Optional.of(said));
      }
    }
    throw worst.orElseThrow(() -> new IllegalArgumentException("asked nobody"));
  }

  private static List<UpstreamRepository> healthyFirst(List<UpstreamRepository> repositories) {
    return repositories.stream().sorted(Comparator.comparing(repository -> repository.upstream().client().isDown()))
        .toList();
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
