package dev.weir.server.keep;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.space.Holdings;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory.Revision;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/**
 * Takes away what nobody needs any more, while weir serves: soon, what deleted images leave behind; now and then, or when
 * it is told to, whatever no manifest names. Thread-safe.
 */
public final class Collector {
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
  /** What goes beyond is found by the next sweep. */
  private static final int MOST_RELEASED = 200_000;

  private final Content content;
  private final Holdings holdings;
  private final Claims claims;
  private final Removal removal;
  private final Duration age;
  private final InstantSource clock;
  private final AtomicBoolean sweeping = new AtomicBoolean();
  @GuardedBy("this") private final Set<Released> released = new LinkedHashSet<>();

  /** A blob that a repository had for the sake of something that was deleted there. */
  private record Released(RepositoryName name, Digest digest) {}

  /** @param age of blobs that no manifest names, after which a sweep takes them */
  public Collector(Content content, Holdings holdings, Claims claims, Removal removal, Duration age,
      InstantSource clock) {
    this.content = content;
    this.holdings = holdings;
    this.claims = claims;
    this.removal = removal;
    this.age = age;
    this.clock = clock;
  }

  /** The repository has the manifest no more, of which {@code document} is what it said. */
  public synchronized void released(RepositoryName name, Digest manifest, Optional<ManifestDocument> document) {
    released(name, manifest);
    document.ifPresent(said -> said.blobs().stream().map(Descriptor::digest).forEach(blob -> released(name, blob)));
  }

  /** The repository may no longer give the blob out. */
  public synchronized void released(RepositoryName name, Digest blob) {
    if (released.size() < MOST_RELEASED) {
      released.add(new Released(name, blob));
    }
  }

  /** Takes away what was released and nobody needs or claims; what is claimed is looked at again. */
  public void collectReleased() throws IOException {
    if (!holdings.isWhole() || clock.instant().isBefore(claims.knownFrom())) {
      return;
    }
    List<Released> all;
    synchronized (this) {
      all = List.copyOf(released);
    }
    long blobs = 0;
    long bytes = 0;
    for (Released each : all) {
      OptionalLong size = content.blobs().size(each.digest());
      if (size.isPresent() && removal.remove(each.digest())) {
        blobs++;
        bytes += size.getAsLong();
      }
      if (isSettled(each)) {
        synchronized (this) {
          released.remove(each);
        }
      }
    }
    if (blobs > 0) {
      LOG.info("{} blobs of deleted images are gone, {} bytes", blobs, bytes);
    }
  }

  /** It is gone, or somebody needs it. */
  private boolean isSettled(Released each) throws IOException {
    if (content.blobs().size(each.digest()).isEmpty()) {
      var _ = removal.unlink(each.name(), each.digest());
      return true;
    }
    return holdings.isNamed(each.digest());
  }

  /** How many blobs of deleted images wait for their grace to end. */
  public synchronized int waiting() {
    return released.size();
  }

  /**
   * Marks and sweeps.
   *
   * @param dryRun deletes nothing
   * @param untagged takes manifests that were pushed and that no tag leads to, too
   * @throws IOException also if this cannot be done now; the message says why
   */
  public GcReport sweep(boolean dryRun, boolean untagged, Progress progress) throws IOException {
    if (!dryRun) {
      requireReady();
    }
    if (!sweeping.compareAndSet(false, true)) {
      throw new IOException("a collection is under way already");
    }
    try {
      Instant begun = clock.instant();
      Sweep.Order order = new Sweep.Order(dryRun, revision -> untagged && mayGo(revision), this::isRipe, removal);
      GcReport report = new Sweep(content, order, progress).run();
      LOG.info("gc{}: {} blobs, {} bytes, {} manifests without a tag; {} blobs stay for now; took {} s",
          dryRun ? " would collect" : "", report.blobCount(), report.bytes(), report.untagged().size(),
          report.spared(), Duration.between(begun, clock.instant()).toSeconds());
      return report;
    } finally {
      sweeping.set(false);
    }
  }

  private void requireReady() throws IOException {
    if (clock.instant().isBefore(claims.knownFrom())) {
      throw new IOException("weir started a short while ago and does not know what clients rely on before "
          + claims.knownFrom() + " (gc.grace); nothing was deleted");
    }
    if (!holdings.isWhole()) {
      throw new IOException("what is held is still being looked through; nothing was deleted");
    }
  }

  /** What came from upstream goes by eviction, and what is pinned stays. */
  private boolean mayGo(Revision revision) {
    return revision.keeping() == Keeping.OWNED && !claims.isClaimed(revision.digest());
  }

  private boolean isRipe(Digest digest) throws IOException {
    return !claims.isClaimed(digest) && !holdings.isNamed(digest)
        && content.inventory().written(digest).filter(at -> at.isBefore(clock.instant().minus(age))).isPresent();
  }
}
