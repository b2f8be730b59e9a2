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

  /**
   * What it means.
   *
   * @param retryAfter how long the upstream asked us to stay away, where it said so
   * @param isOutage see {@link UpstreamException#isOutage}
   * @param isPassing see {@link UpstreamException#isPassing}
   */
  private record Meaning(Kind kind, Optional<Duration> retryAfter, boolean isOutage, boolean isPassing) {
    static Meaning of(Kind kind) {
      return new Meaning(kind, Optional.empty(), kind == Kind.TIMED_OUT, kind == Kind.RATE_LIMITED);
    }
  }

  private final transient Meaning meaning;

  private UpstreamException(Meaning meaning, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.meaning = meaning;
  }

  UpstreamException(Kind kind, String action, String happened) {
    this(Meaning.of(kind), action + ": " + happened, null);
  }

  UpstreamException(Kind kind, String action, String happened, Throwable cause) {
    this(Meaning.of(kind), action + ": " + happened, cause);
  }

  /** For whoever stops waiting before the upstream's own time-outs end. */
  public static UpstreamException timedOut(String action, String happened) {
    return new UpstreamException(Kind.TIMED_OUT, action, happened);
  }

  static UpstreamException failed(String action, String happened) {
    return new UpstreamException(Kind.FAILED, action, happened);
  }

  private UpstreamException meaning(Meaning other) {
    return new UpstreamException(other, sentence(), getCause());
  }

  UpstreamException retryAfter(Duration wait) {
    return meaning(new Meaning(kind(), Optional.of(wait), isOutage(), isPassing()));
  }

  /** The same for another thread that waited for the same thing. */
  public UpstreamException again() {
    return new UpstreamException(meaning, sentence(), this);
  }

  /** The same, known to come from the whole upstream being in trouble rather than from what was asked. */
  UpstreamException asOutage() {
    return meaning(new Meaning(kind(), retryAfter(), true, isPassing()));
  }

  /** The same, from an upstream that answers and may well have more to say in a moment. */
  UpstreamException asPassing() {
    return meaning(new Meaning(kind(), retryAfter(), isOutage(), true));
  }

  /** The same, from a place to which the upstream sent us: that is no trouble of the upstream's, and it may name another. */
  UpstreamException asElsewhere() {
    return meaning(new Meaning(kind(), retryAfter(), false, true));
  }

  /** The same, told by somebody who waits and tries again himself: nobody else need. */
  UpstreamException asFinal() {
    return meaning(new Meaning(kind(), retryAfter(), false, false));
  }

  /** Whether the next request, whatever it asks, would likely fare no better: no connection, no answer, a 5xx. */
  public boolean isOutage() {
    return meaning.isOutage();
  }

  /** Whether it is worth asking the same again after a moment, while somebody waits. */
  public boolean isPassing() {
    return meaning.isPassing();
  }

  public Kind kind() {
    return meaning.kind();
  }

  /** How long the upstream asked us to stay away, where it said so. */
  public Optional<Duration> retryAfter() {
    return meaning.retryAfter();
  }

  /** The message, never absent. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
