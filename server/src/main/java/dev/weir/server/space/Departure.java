package dev.weir.server.space;

import java.time.Instant;
import java.util.List;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/**
 * A cached image that went to make room.
 *
 * @param repositories that had it
 * @param bytes that its blobs freed
 */
public record Departure(Instant when, Digest image, List<RepositoryName> repositories, Instant lastUsed, long bytes) {
  public Departure {
    repositories = List.copyOf(repositories);
  }
}
