package dev.weir.server.http;

import java.util.Set;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line a request, on logger {@code weir.access}; none for probes. */
public final class AccessLog implements Consumer<Answer> {
  private static final Logger LOG = LoggerFactory.getLogger("weir.access");
  private static final Set<String> PROBES = Set.of("/healthz", "/readyz");
  private static final int LONGEST_PATH = 1000;

  @Override
  public void accept(Answer answer) {
    if (LOG.isInfoEnabled() && !PROBES.contains(answer.path())) {
      LOG.info("{} {} {} {} {}ms {} {} {}", printable(answer.method()), printable(answer.path()), answer.status(),
          answer.bytes(), answer.took().toMillis(), printable(answer.user()), answer.requestId(), answer.remote());
    }
  }

  /** What a client sent, without anything that a terminal or a parser of lines would act on. */
  static String printable(String given) {
    String head = given.substring(0, Math.min(given.length(), LONGEST_PATH));
    return head.chars().allMatch(c -> c > ' ' && c < 0x7f) ? head : head.replaceAll("[^!-~]", "?");
  }
}
