package dev.weir.server.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What to do about a tag that is asked for: a pure function of what is held, what is configured and how upstream fares. */
public enum Freshness {
  /** Serve what is held; nobody needs to be asked. */
  SERVE,
  /** Serve what is held, though it may have moved upstream: upstream cannot be asked now. */
  SERVE_STALE,
  /** Ask upstream whether it moved, for a short bounded time; failing that, serve what is held. */
  REVALIDATE,
  /** Nothing is held: fetch it. */
  FETCH,
  /** Nothing is held, and upstream is not to be asked. */
  ABSENT;

  /**
   * What is held under a tag.
   *
   * @param owned a person pushed it: it wins over upstream for good
   * @param confirmedAt when upstream last said that the tag points there; empty: not since weir started
   */
  public record HeldTag(boolean owned, Optional<Instant> confirmedAt) {}

  /**
   * What is configured.
   *
   * @param ttl how long a confirmed tag is served unasked
   * @param offline upstream is never asked
   */
  public record TagPolicy(Duration ttl, boolean offline) {
    /** The same, offline if {@code also} says so. */
    public TagPolicy offlineIf(boolean also) {
      return also ? new TagPolicy(ttl, true) : this;
    }
  }

  /** @param upstreamDown upstream failed a moment ago; asking again now would only make somebody wait */
  public static Freshness of(Optional<HeldTag> held, TagPolicy policy, boolean upstreamDown, Instant now) {
    if (held.isEmpty()) {
      return policy.offline() ? ABSENT : FETCH;
    }
    if (held.get().owned() || isWithin(policy.ttl(), held.get().confirmedAt(), now)) {
      return SERVE;
    }
    return policy.offline() || upstreamDown ? SERVE_STALE : REVALIDATE;
  }

  /** A confirmation from the future, after a clock was set back, counts as none. */
  private static boolean isWithin(Duration ttl, Optional<Instant> confirmedAt, Instant now) {
    return confirmedAt.filter(at -> !at.isAfter(now) && at.plus(ttl).isAfter(now)).isPresent();
  }
}
