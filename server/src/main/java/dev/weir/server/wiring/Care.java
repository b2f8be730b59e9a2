package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
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
import dev.weir.server.keep.shared.Collecting;
import dev.weir.server.keep.shared.SharedCollector;
import dev.weir.server.metrics.Metrics;
import dev.weir.server.push.Custody;
import dev.weir.server.registry.BlobCare;
import dev.weir.server.registry.Registry;
import dev.weir.server.space.Departure;
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
  private final Optional<SharedCare> shared;
  private final InstantSource clock;
  private final LastRun lastRun;
  private final Claims claims;
  private final Removal removal;
  private final Damage damage;
  private final Collector collector;
  private final ScrubMemory scrubMemory;

  Care(WeirConfig config, Storage storage, Metrics metrics, Optional<SharedCare> shared, InstantSource clock)
      throws IOException {
    Path root = storage.root();
    Holdings holdings = storage.holdings();
    this.config = config;
    this.content = storage.content();
    this.shared = shared;
    this.clock = clock;
    this.lastRun = new LastRun(root.resolve("weir/running"), clock);
    this.claims = new Claims(config.gc().grace(), clock);
    this.removal = new Removal(holdings, claims, content.blobs());
    this.damage = new Damage(content.blobs(), new DamagedBlobs(storage.store(), holdings, content.changes()), claims,
        holdings,
        metrics.damage(), storage.shelf());
    this.collector = new Collector(content, holdings, claims, removal, config.storage().uploadPurging().age(), clock);
    this.scrubMemory = new ScrubMemory(root.resolve("weir/scrub"), clock);
    metrics.lostBlobs(() -> damage.lost().size());
    metrics.condemnedBlobs(() -> shared.map(all -> all.collector().condemned()).orElse(0));
  }

  Damage damage() {
    return damage;
  }

  /** What a registry asks of blobs and tells of them. */
  BlobCare blobs() {
    return shared.map(all -> all.care(damage)).orElse(damage);
  }

  /** How it goes with collecting where several weirs share a bucket. */
  Collecting collecting() throws IOException {
    return shared.isPresent() ? shared.get().state() : Collecting.NONE;
  }

  /** A registry, with whatever has to know what is asked for. */
  Registry noted(Registry registry) {
    return shared.map(all -> all.noted(registry)).orElse(registry);
  }

  /** An image is about to be pinned, which others may be about to let go. */
  void pinned(Digest manifest) throws IOException {
    if (shared.isPresent()) {
      shared.get().claim(manifest);
    }
  }

  /** Images that this weir let go where others do, too. */
  List<Departure> departures() {
    return shared.map(all -> all.departures().last()).orElse(List.of());
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
    return shared.isPresent() && !dryRun
        ? ordered(shared.get().collector(), untagged)
        : collector.sweep(dryRun, untagged, progress);
  }

  private static GcReport ordered(SharedCollector all, boolean untagged) throws IOException {
    if (untagged) {
      throw new IOException("in a bucket, manifests without a tag are taken while no weir serves:"
          + " `weir garbage-collect CONFIG -m`; another weir's client may be about to set the tag");
    }
    all.want();
    Collecting now = all.state();
    String who = now.owner().isEmpty()
        ? "no weir collects in the bucket yet; the first that does (gc.owner)"
        : now.owner() + ", which collects in the bucket,";
    return GcReport.later(who + " looks through it soon; " + now.state());
  }

  ScrubMemory scrubMemory() {
    return scrubMemory;
  }

  Custody custody() {
    return new Custody() {
      @Override
      public void claim(Digest blob) throws IOException {
        claims.claim(blob);
        if (shared.isPresent()) {
          shared.get().claim(blob);
        }
      }

      @Override
      public void released(RepositoryName name, Digest manifest, Optional<ManifestDocument> document) {
        shared.ifPresentOrElse(
            all -> all.released(manifest, document.map(ManifestDocument::blobs).orElse(List.of())),
            () -> collector.released(name, manifest, document));
      }

      @Override
      public void released(RepositoryName name, Digest blob) {
        shared.ifPresentOrElse(all -> all.released(blob, List.of()), () -> collector.released(name, blob));
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
    shared.ifPresentOrElse(all -> all.start(parts), () -> scrubAndCollect(parts, housekeeping));
  }

  private void scrubAndCollect(Closing parts, Housekeeping housekeeping) {
    parts.add(Scrub.start(content.inventory(), damage::check, scrubMemory, config.scrub().interval(),
        config.scrub().rate().bytesPerSecond(), clock, lastRun.uncertainFrom()));
    GcConfig gc = config.gc();
    if (gc.owner() && !config.storage().readOnly()) {
      housekeeping.every(freedWithin(gc.grace()), "collect what deleted images left",
          collector::collectReleased);
      if (!gc.interval().isZero()) {
        parts.add(new Housekeeping()).after(gc.interval(), "collect what no manifest names",
            () -> collector.sweep(false, false, Progress.UNSEEN));
      }
    }
  }

  private static Duration freedWithin(Duration grace) {
    return Collections.max(List.of(Duration.ofSeconds(1), Collections.min(List.of(FREED_WITHIN, grace))));
  }
}
