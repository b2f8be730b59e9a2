package dev.weir.server.upstream;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

import dev.weir.server.upstream.UpstreamException.Kind;

/** Makes exceptions of answers that are errors. */
final class Failures {
  /** All that is repeated of an error body: its text may quote the token that it refuses. */
  private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{0,39}");
  private static final int ENOUGH_BODY = 8 * 1024;
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private Failures() {}

  /** What an answer of the registry itself means. Reads the beginning of its body. */
  static UpstreamException of(String action, Reply reply, Instant now) {
    Kind kind = switch (reply.status()) {
      case 404, 410 -> Kind.ABSENT;
      case 401, 403 -> Kind.DENIED;
      case 429 -> Kind.RATE_LIMITED;
      default -> Kind.FAILED;
    };
    UpstreamException failure = new UpstreamException(kind, action, words(reply.status()) + remark(reply));
    if (reply.isOfWeir()) {
      return ofWeir(failure, action, reply, now);
    }
    return waiting(reply.status() >= 500 ? failure.asOutage().asPassing() : failure, reply, now);
  }

  /** Another weir is well when it says that its upstream is not, and has waited and tried again before it said so. */
  private static UpstreamException ofWeir(UpstreamException failure, String action, Reply reply, Instant now) {
    UpstreamException told = reply.status() == 504
        ? new UpstreamException(Kind.TIMED_OUT, action, words(504))
        : failure;
    return waiting(told.asFinal(), reply, now);
  }

  /**
   * What an answer of somebody else means, to whom the registry sent us. Such a place knows nothing of what exists or who
   * may see it: its 403 is an address that expired, its 404 a loss. Asked
   * again, the registry may name another.
   */
  static UpstreamException elsewhere(String action, Reply reply, Instant now) {
    Kind kind = reply.status() == 429 ? Kind.RATE_LIMITED : Kind.FAILED;
    String happened = words(reply.status()) + " at " + Origin.of(reply.address()).hostAndPort();
    return waiting(new UpstreamException(kind, action, happened).asElsewhere(), reply, now);
  }

  /** Whoever answers with what it could not confirm itself (RFC 7234, section 5.5.1) tells nothing new. */
  static void requireConfirmed(String action, Reply reply) throws UpstreamException {
    if (reply.header("Warning").filter(warning -> warning.startsWith("110")).isPresent()) {
      throw UpstreamException.failed(action, "the answer is stale, as it says itself").asFinal();
    }
  }

  private static UpstreamException waiting(UpstreamException failure, Reply reply, Instant now) {
    return reply.header("Retry-After").flatMap(text -> retryAfter(text, now)).map(failure::retryAfter).orElse(failure);
  }

  /** Seconds or a date (RFC 9110, section 10.2.3). */
  static Optional<Duration> retryAfter(String text, Instant now) {
    OptionalLong seconds = Numbers.parse(text);
    if (seconds.isPresent()) {
      return Optional.of(bounded(Duration.ofSeconds(seconds.getAsLong())));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(bounded(Duration.between(now, then)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return Collections.min(List.of(wait, LONGEST_WAIT));
  }

  private static String remark(Reply reply) {
    try {
      return code(reply.body().readUpTo(ENOUGH_BODY)).map(code -> " (" + code + ")").orElse("");
    } catch (UpstreamException e) {
      return "";
    }
  }

  private static Optional<String> code(byte[] body) {
    try {
      String code = UpstreamJson.MAPPER.readTree(body).path("errors").path(0).path("code").textValue();
      return Optional.ofNullable(code).filter(it -> CODE.matcher(it).matches());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static String words(int status) {
    String reason = switch (status) {
      case 400 -> " Bad Request";
      case 401 -> " Unauthorized";
      case 403 -> " Forbidden";
      case 404 -> " Not Found";
      case 405 -> " Method Not Allowed";
      case 407 -> " Proxy Authentication Required";
      case 410 -> " Gone";
      case 416 -> " Range Not Satisfiable";
      case 429 -> " Too Many Requests";
      case 500 -> " Internal Server Error";
      case 502 -> " Bad Gateway";
      case 503 -> " Service Unavailable";
      case 504 -> " Gateway Timeout";
      default -> "";
    };
    return status + reason;
  }
}
