package dev.weir.server.oci;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * An answer that is an error. Its message is a sentence for whoever reads the client's output: what was tried, on what,
 * and what happened. An absence is stated by this only when it is known; see {@link ErrorCode}.
 */
public final class RegistryException extends IOException {
  private final ErrorCode code;
  private final int status;
  private final @Nullable Duration retryAfter;
  private final boolean conclusive;

  private RegistryException(ErrorCode code, int status, String message, @Nullable Duration retryAfter,
      boolean conclusive, @Nullable Throwable cause) {
    super(message, cause);
    this.conclusive = conclusive;
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  public RegistryException(ErrorCode code, String message) {
    this(code, code.status(), message, null, true, null);
  }

  public RegistryException(ErrorCode code, String message, Throwable cause) {
    this(code, code.status(), message, null, true, cause);
  }

  /** Upstream answered with nonsense, an error of its own, or not at all: 502. */
  public static RegistryException badGateway(String message, @Nullable Throwable cause) {
    return new RegistryException(ErrorCode.UNAVAILABLE, 502, message, null, true, cause);
  }

  /** Upstream took too long: 504. */
  public static RegistryException gatewayTimeout(String message, @Nullable Throwable cause) {
    return new RegistryException(ErrorCode.UNAVAILABLE, 504, message, null, true, cause);
  }

  /** Somebody's limit is reached: 429, and when to come back. Sent without a body, since oc retries only such. */
  public static RegistryException tooManyRequests(String message, Duration retryAfter) {
    return new RegistryException(ErrorCode.TOOMANYREQUESTS, ErrorCode.TOOMANYREQUESTS.status(), message, retryAfter,
        true,
        null);
  }

  /** There is no room to keep what a client sends: 507. */
  public static RegistryException insufficientStorage(String message, @Nullable Throwable cause) {
    return new RegistryException(ErrorCode.DENIED, 507, message, null, true, cause);
  }

  /** An absence as far as we can tell: upstream was not asked, or would not say. For clients the same as any other. */
  public static RegistryException inconclusive(ErrorCode code, String message, @Nullable Throwable cause) {
    return new RegistryException(code, code.status(), message, null, false, cause);
  }

  /** Whether it says how things are, rather than only what could be learnt of them. */
  public boolean isConclusive() {
    return conclusive;
  }

  /** The same answer for one more who waits for it, with a stack trace of its own. */
  public RegistryException again() {
    return new RegistryException(code, status, sentence(), retryAfter, conclusive, this);
  }

  public ErrorCode code() {
    return code;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** When the client may come back; whole seconds. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The message, never absent. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
