package dev.weir.server.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line a request, on logger {@code weir.access}; none for probes. What the page at {@code /ui/} asks for again and again while
 * somebody has it open has one a minute for each user, address and part, and each time it fails. Thread-safe.
 */
public final class AccessLog implements Consumer<Answer> {
  /** Of the logger. */
  public static final String NAME = "weir.access";
  /** What its lines are made of, in this order, by the names that registry:2 has for it. */
  public static final List<String> FIELDS = List.of("http.request.method", "http.request.uri", "http.response.status",
      "http.response.written", "http.response.duration", "auth.user.name", "http.request.id",
      "http.request.remoteaddr");
  private static final Logger LOG = LoggerFactory.getLogger(NAME);
  private static final Set<String> PROBES = Set.of("/healthz", "/readyz");
  private static final String PAGES_DATA = "/ui/data/";
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int MOST_REMEMBERED = 1_000;
  private static final int LONGEST_PATH = 1000;

  private record Look(String user, String remote, String path) {}

  private final Cache<Look, Boolean> lately;

  public AccessLog() {
    this(Ticker.systemTicker());
  }

  AccessLog(Ticker nanoTime) {
    this.lately = Caffeine.newBuilder().ticker(nanoTime).expireAfterWrite(PAUSE).maximumSize(MOST_REMEMBERED).build();
  }

  /** Paths of the page that were answered are few, so nobody makes this remember much. */
  private boolean isRepetition(Answer answer) {
    return answer.status() == 200 && answer.path().startsWith(PAGES_DATA)
        && lately.asMap().putIfAbsent(new Look(answer.user(), answer.remote(), answer.path()), true) != null;
  }

  @Override
  public void accept(Answer answer) {
    if (LOG.isInfoEnabled() && !PROBES.contains(answer.path()) && !isRepetition(answer)) {
      LOG.info("{} {} {} {} {} {} {} {}", printable(answer.method()), printable(answer.path()), answer.status(),
          answer.bytes(), answer.took().toMillis() + "ms", printable(answer.user()), answer.requestId(),
          answer.remote());
    }
  }

  /** What a client sent, without anything that a terminal or a parser of lines would act on. */
  static String printable(String given) {
    String head = given.substring(0, Math.min(given.length(), LONGEST_PATH));
    return head.chars().allMatch(c -> c > ' ' && c < 0x7f) ? head : head.replaceAll("[^!-~]", "?");
  }
}
