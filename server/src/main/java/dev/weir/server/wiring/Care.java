package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

import dev.weir.server.config.GcConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.keep.Claims;
import dev.weir.server.keep.Collector;
import dev.weir.server.keep.Damage;
import dev.weir.server.keep.GcReport;
import dev.weir.server.keep.LastRun;
import dev.weir.server.keep.Progress;
import dev.weir.server.keep.Refetching;
import dev.weir.server.keep.Removal;
import dev.weir.server.keep.Scrub;
import dev.weir.server.keep.ScrubMemory;
import dev.weir.server.metrics.Metrics;
import dev.weir.server.push.Custody;
import dev.weir.server.registry.Registry;
import dev.weir.server.space.Holdings;
import dev.weir.storage.Content;
import dev.weir.storage.DamagedBlobs;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/** What keeps the content intact, and takes away what nobody needs. */
final class Care {
  private static final Duration FREED_WITHIN = Duration.ofSeconds(20);
  private static final Duration HEALED_AGAIN = Duration.ofMinutes(10);
  private static final Duration ALIVE = Duration.ofMinutes(1);

  private final WeirConfig config;
  private final Content content;
  private final boolean isShared;
  private final InstantSource clock;
  private final LastRun lastRun;
  private final Claims claims;
  private final Removal removal;
  private final Damage damage;
  private final Collector collector;
  private final ScrubMemory scrubMemory;

  Care(WeirConfig config, Storage storage, Metrics metrics, InstantSource clock) throws IOException {
    Path root = storage.root();
    Holdings holdings = storage.holdings();
    this.config = config;
    this.content = storage.content();
    this.isShared = storage.isShared();
    this.clock = clock;
    this.lastRun = new LastRun(root.resolve("weir/running"), clock);
    this.claims = new Claims(config.gc().grace(), clock);
    this.removal = new Removal(holdings, claims, content.blobs());
    this.damage = new Damage(content.blobs(), new DamagedBlobs(storage.store(), holdings), claims, holdings,
        metrics.damage(), storage.shelf());
    this.collector = new Collector(content, holdings, claims, removal, config.storage().uploadPurging().age(), clock);
    this.scrubMemory = new ScrubMemory(root.resolve("weir/scrub"), clock);
    metrics.lostBlobs(() -> damage.lost().size());
  }

  Damage damage() {
    return damage;
  }

  Removal removal() {
    return removal;
  }

  Collector collector() {
    return collector;
  }

  /**
   * What {@link Collector#sweep} does.
   *
   * @throws IOException also where that cannot be done while weir serves
   */
  GcReport collect(boolean dryRun, boolean untagged, Progress progress) throws IOException {
    if (isShared && !dryRun) {
      throw new IOException(
          "in a bucket nothing is collected while weirs serve, because no weir knows what clients of the"
              + " others rely on; `weir garbage-collect CONFIG` does it while none serves");
    }
    return collector.sweep(dryRun, untagged, progress);
  }

  ScrubMemory scrubMemory() {
    return scrubMemory;
  }

  Custody custody() {
    return new Custody() {
      @Override
      public void claim(Digest blob) {
        claims.claim(blob);
      }

      @Override
      public void released(RepositoryName name, Digest manifest, Optional<ManifestDocument> document) {
        if (!isShared) {
          collector.released(name, manifest, document);
        }
      }

      @Override
      public void released(RepositoryName name, Digest blob) {
        if (!isShared) {
          collector.released(name, blob);
        }
      }
    };
  }

  /** Begins, once there is a registry to ask. */
  void start(Registry registry, Closing parts, Housekeeping housekeeping) {
    parts.add(lastRun);
    damage.healBy(new Refetching(content, registry));
    housekeeping.every(ALIVE, "say that weir is alive", lastRun::alive);
    if (config.gc().owner()) {
      parts.add(new Housekeeping()).every(HEALED_AGAIN, "heal what was damaged", damage::healAll);
    }
    if (!isShared) {
      scrubAndCollect(parts, housekeeping);
    }
  }

  private void scrubAndCollect(Closing parts, Housekeeping housekeeping) {
    parts.add(Scrub.start(content.inventory(), damage::check, scrubMemory, config.scrub().interval(),
        config.scrub().rate().bytesPerSecond(), clock, lastRun.uncertainFrom()));
    GcConfig gc = config.gc();
    if (gc.owner() && !config.storage().readOnly()) {
      housekeeping.every(shorter(FREED_WITHIN, gc.grace()), "collect what deleted images left",
          collector::collectReleased);
      if (!gc.interval().isZero()) {
        parts.add(new Housekeeping()).after(gc.interval(), "collect what no manifest names",
            () -> collector.sweep(false, false, Progress.UNSEEN));
      }
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    Duration shorter = one.compareTo(other) < 0 ? one : other;
    return shorter.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : shorter;
  }
}
