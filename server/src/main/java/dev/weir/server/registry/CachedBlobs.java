package dev.weir.server.registry;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.Deadline;
import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.SingleFlight;
import dev.weir.server.cache.Source;
import dev.weir.server.oci.Asker;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.Via;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/**
 * Blobs, held or fetched. Their bytes are shared by all repositories; who may have them is not: a repository gives a blob
 * out if it is linked there, or where the same upstream repository is kept, and otherwise only once upstream has said
 * that the blob is in that repository. Thread-safe.
 */
final class CachedBlobs {
  private static final Logger LOG = LoggerFactory.getLogger(CachedBlobs.class);

  /** @param via as in {@link CachedManifests} */
  private record Key(RepositoryName keptAs, Digest digest, Via via) {}

  private final BlobStore blobs;
  private final BlobCare care;
  private final StatedSizes sizes;
  private final Downloads downloads;
  private final boolean offline;
  private final Patience patience;
  private final CacheEvents events;
  private final SingleFlight<Key, Long> confirmations = new SingleFlight<>();

  CachedBlobs(BlobStore blobs, BlobCare care, StatedSizes sizes, Downloads downloads, CachePolicy policy,
      CacheEvents events) {
    this.blobs = blobs;
    this.care = care;
    this.sizes = sizes;
    this.downloads = downloads;
    this.offline = policy.tags().offline();
    this.patience = policy.patience();
    this.events = events;
  }

  BlobBody open(Route route, Digest digest) throws IOException {
    Optional<Digest> allowed = allowed(route, digest);
    if (allowed.isPresent()) {
      Optional<BlobBody> held = held(route, digest, allowed.get());
      if (held.isPresent()) {
        events.hit(route.upstreamName());
        return held.get();
      }
    }
    List<UpstreamRepository> toAsk = toAsk(route, digest);
    events.miss(route.upstreamName());
    events.waiting(route.upstreamName(), 1);
    Deadline deadline = Deadline.in(cold());
    try {
      if (allowed.isEmpty()) {
        confirm(route, toAsk, digest, deadline.left());
      }
      BlobBody body = downloads.join(digest, UpstreamSource.of(toAsk, digest), deadline.left());
      return sizes.contradict(digest, body.size()) ? body.wholeOnly() : body;
    } catch (IOException e) {
      throw UpstreamAnswers.blob(e, toAsk);
    } finally {
      events.waiting(route.upstreamName(), -1);
    }
  }

  /** As {@link Registry#blobServedAgain}. */
  void servedAgain(Route route) {
    events.hit(route.upstreamName());
  }

  /** Where the store lets clients read it, if it is held. */
  Optional<URI> address(Route route, Digest digest) throws IOException {
    if (blobs.address(digest).isEmpty()) { // the store never says
      return Optional.empty();
    }
    Optional<Digest> home = allowed(route, digest);
    if (home.isEmpty() || blobs.size(home.get()).isEmpty()) {
      return Optional.empty();
    }
    events.hit(route.upstreamName());
    return blobs.address(home.get());
  }

  /**
   * In bytes; asks upstream when the blob is not here, and fetches nothing of it. Clients go by it when they push: it is never
   * said from memory that a blob is here.
   */
  long size(Route route, Digest digest) throws IOException {
    Optional<Digest> allowed = allowed(route, digest, blobs::linkedForWriting);
    if (allowed.isPresent()) {
      care.claim(allowed.get());
      OptionalLong stored = blobs.sizeForWriting(allowed.get());
      if (stored.isPresent() && !isDamaged(allowed.get(), stored.getAsLong())) {
        return stored.getAsLong();
      }
    }
    try {
      return confirm(route, toAsk(route, digest), digest, cold());
    } catch (IOException e) {
      throw UpstreamAnswers.blob(e);
    }
  }

  /** Empty also for one that is damaged as far as can be told without reading it: then it is gone now. */
  private Optional<BlobBody> held(Route route, Digest digest, Digest home) throws IOException {
    try {
      Optional<BlobBody> found = opened(route, digest, home);
      if (isAsStated(home, found)) {
        return found;
      }
      if (care.dropCopy(home)) {
        found = opened(route, digest, home);
        if (isAsStated(home, found)) {
          return found;
        }
      }
      return care.isDamaged(home) ? Optional.empty() : opened(route, digest, home);
    } catch (IOException e) {
      if (care.isDamaged(home, e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<BlobBody> opened(Route route, Digest digest, Digest home) throws IOException {
    return downloads.held(digest, home, () -> others(route, home), cold());
  }

  /** False: a manifest says that it is of another size; then it is closed, since to judge it may take long, and fail. */
  private boolean isAsStated(Digest home, Optional<BlobBody> found) throws IOException {
    if (found.isEmpty() || !sizes.contradict(home, found.get().size())) {
      return true;
    }
    found.get().close();
    return false;
  }

  private boolean isDamaged(Digest digest, long size) throws IOException {
    return sizes.contradict(digest, size) && care.isDamaged(digest);
  }

  /** As {@link Registry#unreadable}. */
  void unreadable(Digest digest, IOException failure) throws IOException {
    var _ = care.isDamaged(digest, failure);
  }

  /** Who else might have what is held. */
  private List<Source> others(Route route, Digest digest) {
    return offline ? List.of() : UpstreamSource.of(route.reachable(), digest);
  }

  private Duration cold() {
    return patience.behind(Asker.current().via().hops()).cold();
  }

  /** Reads a link. */
  private interface Linked {
    Optional<Digest> read(RepositoryName name, Digest digest) throws IOException;
  }

  private Optional<Digest> allowed(Route route, Digest digest) throws IOException {
    return allowed(route, digest, blobs::linked);
  }

  /** The digest that the bytes lie under, if the repository may give them out. */
  private Optional<Digest> allowed(Route route, Digest digest, Linked links) throws IOException {
    Optional<Digest> own = links.read(route.name(), digest);
    if (own.isPresent()) {
      return own;
    }
    for (UpstreamRepository repository : route.upstreams()) {
      Optional<Digest> shared = links.read(repository.keptAs(), digest);
      if (shared.isPresent()) {
        linkUnderRoute(route, digest, shared.get());
        return shared;
      }
    }
    return Optional.empty();
  }

  private List<UpstreamRepository> toAsk(Route route, Digest digest) throws RegistryException {
    List<UpstreamRepository> reachable = offline ? List.of() : route.reachable();
    if (reachable.isEmpty()) {
      throw new RegistryException(ErrorCode.BLOB_UNKNOWN, "blob unknown: " + route.name() + " does not hold " + digest
          + route.whyHeldOnly());
    }
    return reachable;
  }

  private long confirm(Route route, List<UpstreamRepository> toAsk, Digest digest, Duration howLong)
      throws IOException {
    return FirstThatHas.of(toAsk, howLong, (repository, share) -> {
      long size = confirmations.join(new Key(repository.keptAs(), digest, Asker.current().via()), share, () -> {
        long stated = repository.upstream().client().blobSize(repository.path(), digest);
        linkQuietly(repository.keptAs(), digest, digest);
        return stated;
      }).orElseThrow(() -> repository.timedOut("look for " + digest, share));
      linkUnderRoute(route, digest, digest);
      return size;
    });
  }

  /** What is held is served even where the disk takes nothing more. */
  private void linkUnderRoute(Route route, Digest digest, Digest target) {
    linkQuietly(route.name(), digest, target);
  }

  private void linkQuietly(RepositoryName name, Digest digest, Digest target) {
    try {
      blobs.link(name, digest, target);
    } catch (IOException e) {
      LOG.warn("{} is served without being noted under {}: {}", digest, name, e.getMessage());
    }
  }
}
