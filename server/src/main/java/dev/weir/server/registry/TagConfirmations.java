package dev.weir.server.registry;

import java.time.Instant;
import java.util.Optional;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * When upstream last confirmed what a tag points to. Kept in memory only: after a restart each tag is asked for once
 * more, which costs one HEAD and spares a disk write per tag and TTL. Thread-safe.
 */
final class TagConfirmations {
  private static final int MOST = 100_000;

  private record Key(RepositoryName keptAs, Tag tag, Digest digest) {}

  private final Cache<Key, Instant> confirmed = Caffeine.newBuilder().maximumSize(MOST).build();

  void confirm(RepositoryName keptAs, Tag tag, Digest digest, Instant now) {
    confirmed.put(new Key(keptAs, tag, digest), now);
  }

  Optional<Instant> at(RepositoryName keptAs, Tag tag, Digest digest) {
    return Optional.ofNullable(confirmed.getIfPresent(new Key(keptAs, tag, digest)));
  }
}
