package dev.weir.server.upstream;

import java.time.Instant;
import java.util.Optional;

/**
 * How an upstream received us.
 *
 * @param sentence what happened; for a trouble or a refusal, what was tried too. Holds no secret
 * @param date     the time by its clock, where it says so
 */
public record Greeting(Standing standing, String sentence, Optional<Instant> date) {
  /** What came of it. */
  public enum Standing {
    /** It asks nobody for anything. */
    OPEN,
    /** It gives a token to whoever asks. */
    ANONYMOUS,
    /** It takes the credentials we have for it. */
    ACCEPTED,
    /** It wants credentials, and there are none. */
    WANTED,
    /** It does not take the credentials we have, or may not be shown them. */
    REFUSED,
    /** It answered, and not as a registry does. */
    TROUBLE
  }
}
