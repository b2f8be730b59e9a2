package dev.weir.server.registry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.weir.server.upstream.UpstreamException;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * Tags that upstream said a moment ago it does not have, or for signatures does not show: clients look for signatures
 * with every pull. What is pushed here is found before anybody asks this. In memory and bounded. Thread-safe.
 */
final class AbsentTags {
  static final Duration REMEMBERED = Duration.ofSeconds(30);
  private static final int MOST = 10_000;

  private record Key(RepositoryName keptAs, Tag tag) {}

  private final Cache<Key, UpstreamException> absent;

  AbsentTags(InstantSource clock) {
    absent = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(REMEMBERED)
        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis())).build();
  }

  void note(RepositoryName keptAs, Tag tag, UpstreamException said) {
    boolean hidden = said.kind() == UpstreamException.Kind.DENIED && UpstreamAnswers.isSignature(tag);
    if (said.kind() == UpstreamException.Kind.ABSENT || hidden) {
      absent.put(new Key(keptAs, tag), said);
    }
  }

  /** What upstream said of it. */
  Optional<UpstreamException> find(RepositoryName keptAs, Reference reference) {
    return reference instanceof Tag tag
        ? Optional.ofNullable(absent.getIfPresent(new Key(keptAs, tag))).map(UpstreamException::again)
        : Optional.empty();
  }
}
