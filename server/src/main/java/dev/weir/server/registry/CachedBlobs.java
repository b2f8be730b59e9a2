package dev.weir.server.registry;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.Deadline;
import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.SingleFlight;
import dev.weir.server.cache.StoredBody;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoredObject;

/**
 * Blobs, held or fetched. Their bytes are shared by all repositories; who may have them is not: a repository gives a blob
 * out if it is linked there, or where the same upstream repository is kept, and otherwise only once upstream has said
 * that the blob is in that repository. Thread-safe.
 */
final class CachedBlobs {
  private record Key(RepositoryName keptAs, Digest digest) {}

  private final BlobStore blobs;
  private final Downloads downloads;
  private final boolean offline;
  private final Patience patience;
  private final CacheEvents events;
  private final SingleFlight<Key, Long> confirmations = new SingleFlight<>();

  CachedBlobs(BlobStore blobs, Downloads downloads, boolean offline, Patience patience, CacheEvents events) {
    this.blobs = blobs;
    this.downloads = downloads;
    this.offline = offline;
    this.patience = patience;
    this.events = events;
  }

  BlobBody open(Route route, Digest digest) throws IOException {
    boolean allowed = isAllowed(route, digest);
    if (allowed) {
      Optional<StoredObject> stored = blobs.open(digest);
      if (stored.isPresent()) {
        events.hit();
        return new StoredBody(stored.get());
      }
    }
    List<UpstreamRepository> toAsk = toAsk(route, digest);
    events.miss();
    Deadline deadline = Deadline.in(patience.cold());
    try {
      if (!allowed) {
        confirm(route, toAsk, digest, deadline);
      }
      return downloads.join(digest, new UpstreamSource(toAsk, digest), deadline.left());
    } catch (IOException e) {
      throw UpstreamAnswers.blob(e);
    }
  }

  /** In bytes; asks upstream when the blob is not here, and fetches nothing of it. */
  long size(Route route, Digest digest) throws IOException {
    OptionalLong stored = blobs.size(digest);
    if (stored.isPresent() && isAllowed(route, digest)) {
      return stored.getAsLong();
    }
    try {
      return confirm(route, toAsk(route, digest), digest, Deadline.in(patience.cold()));
    } catch (IOException e) {
      throw UpstreamAnswers.blob(e);
    }
  }

  private boolean isAllowed(Route route, Digest digest) throws IOException {
    if (blobs.isLinked(route.name(), digest)) {
      return true;
    }
    for (UpstreamRepository repository : route.upstreams()) {
      if (blobs.isLinked(repository.keptAs(), digest)) {
        blobs.link(route.name(), digest);
        return true;
      }
    }
    return false;
  }

  private List<UpstreamRepository> toAsk(Route route, Digest digest) throws RegistryException {
    List<UpstreamRepository> reachable = offline ? List.of() : route.reachable();
    if (reachable.isEmpty()) {
      throw new RegistryException(ErrorCode.BLOB_UNKNOWN, "blob unknown: " + route.name() + " does not hold " + digest
          + (route.upstreams().isEmpty() ? "" : "; its upstream is offline"));
    }
    return reachable;
  }

  private long confirm(Route route, List<UpstreamRepository> toAsk, Digest digest, Deadline deadline)
      throws IOException {
    return FirstThatHas.of(toAsk, repository -> {
      long size = confirmations.join(new Key(repository.keptAs(), digest), deadline.left(), () -> {
        long stated = repository.upstream().client().blobSize(repository.path(), digest);
        blobs.link(repository.keptAs(), digest);
        return stated;
      }).orElseThrow(() -> repository.timedOut("look for " + digest, patience.cold()));
      blobs.link(route.name(), digest);
      return size;
    });
  }
}
