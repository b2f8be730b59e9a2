package dev.weir.server.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * An upstream did not give what was asked of it. The message is a sentence that names the upstream, what was tried and
 * what happened; it holds no secret and no query of an address.
 */
public final class UpstreamException extends IOException {
  /** What this means for whoever asked. */
  public enum Kind {
    /** The upstream says that there is no such thing. */
    ABSENT,
    /** It will not let us, with the credentials we have. */
    DENIED,
    /** It asks us to come back later. */
    RATE_LIMITED,
    /** It answered with an error or with nonsense, or could not be reached: whether the thing exists is not known. */
    FAILED,
    /** It did not answer in time: whether the thing exists is not known. */
    TIMED_OUT
  }

  private final Kind kind;
  private final @Nullable Duration retryAfter;
  private final boolean outage;

  private UpstreamException(@Nullable Duration retryAfter, Kind kind, boolean outage, String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.outage = outage;
    this.retryAfter = retryAfter;
  }

  UpstreamException(Kind kind, String action, String happened) {
    this(null, kind, kind == Kind.TIMED_OUT, action + ": " + happened, null);
  }

  UpstreamException(Kind kind, String action, String happened, Throwable cause) {
    this(null, kind, kind == Kind.TIMED_OUT, action + ": " + happened, cause);
  }

  /** For whoever stops waiting before the upstream's own time-outs end. */
  public static UpstreamException timedOut(String action, String happened) {
    return new UpstreamException(Kind.TIMED_OUT, action, happened);
  }

  static UpstreamException failed(String action, String happened) {
    return new UpstreamException(Kind.FAILED, action, happened);
  }

  UpstreamException retryAfter(Duration wait) {
    return new UpstreamException(wait, kind, outage, sentence(), getCause());
  }

  /** The same for another thread that waited for the same thing. */
  UpstreamException again() {
    return new UpstreamException(retryAfter, kind, outage, sentence(), this);
  }

  /** The same, known to come from the whole upstream being in trouble rather than from what was asked. */
  UpstreamException asOutage() {
    return new UpstreamException(retryAfter, kind, true, sentence(), getCause());
  }

  /** Whether the next request, whatever it asks, would likely fare no better: no connection, no answer, a 5xx. */
  public boolean isOutage() {
    return outage;
  }

  public Kind kind() {
    return kind;
  }

  /** How long the upstream asked us to stay away, where it said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The message, never absent. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
