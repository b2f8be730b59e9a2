package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.RememberedStore;
import dev.weir.server.cache.Replicas;
import dev.weir.server.cache.Scratch;
import dev.weir.server.cache.Shelf;
import dev.weir.server.cache.Space;
import dev.weir.server.config.StorageConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.http.EventLoops;
import dev.weir.server.http.ReadinessCheck;
import dev.weir.server.keep.Adoption;
import dev.weir.server.keep.shared.Notes;
import dev.weir.server.metrics.Metrics;
import dev.weir.server.registry.Registry;
import dev.weir.server.replicas.Pace;
import dev.weir.server.replicas.SharedFetches;
import dev.weir.server.space.BlobRemoval;
import dev.weir.server.space.Holdings;
import dev.weir.server.space.Leeway;
import dev.weir.server.space.Steward;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.HalfUploads;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.RegulatedStore;
import dev.weir.storage.fs.FsObjectStore;
import dev.weir.storage.fs.RootLock;
import dev.weir.storage.fs.RootRights;
import dev.weir.storage.s3.S3ObjectStore;
import dev.weir.storage.s3.S3Settings;

/**
 * Where content lies, and what is on its way.
 *
 * @param root the directory that weir writes to
 * @param holdings whole only where the content lies in that directory, which nobody else writes to
 * @param disks bound what lies there; empty: it lies in a bucket, which others write to as well
 * @param scratch keeps at hand what does not lie there
 * @param notes that the other weirs on a bucket are told
 * @param name for the log
 */
record Storage(Path root, ObjectStore store, Content content, Holdings holdings, Optional<Disks> disks,
    Optional<Scratch> scratch, Optional<Notes> notes, ReadinessCheck health, String name) {
  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
  private static final Duration FETCHES_LOOKED_AT = Duration.ofHours(1);
  private static final Duration FETCHES_KEPT = Duration.ofDays(1);

  /** Opens what is configured, for this process alone. */
  static Storage open(WeirConfig config, EventLoops loops, Closing parts, Metrics metrics, InstantSource clock)
      throws IOException {
    return switch (config.storage().backend()) {
      case StorageConfig.Filesystem files -> directory(files.maxThreads(), config, parts, metrics, clock);
      case StorageConfig.S3 bucket -> bucket(bucket.settings(), config, loops, parts, clock);
    };
  }

  private static Storage directory(int maxThreads, WeirConfig config, Closing parts, Metrics metrics,
      InstantSource clock) throws IOException {
    Path root = config.localRoot();
    parts.add(RootLock.take(root, LOG::warn));
    Disks disks = new Disks(root, config.cache(), metrics, clock);
    ObjectStore store = parts.add(disks.metered(new RegulatedStore(new FsObjectStore(root), maxThreads)));
    Content content = Content.of(store, disks.holdings());
    RootRights.doubt(root).ifPresent(LOG::warn);
    new Adoption(content, root).adopt();
    return new Storage(root, store, content, disks.holdings(), Optional.of(disks), Optional.empty(),
        Optional.empty(), () -> Files.isReadable(root) ? Optional.empty() : Optional.of("cannot read " + root),
        root.toString());
  }

  private static Storage bucket(S3Settings settings, WeirConfig config, EventLoops loops, Closing parts,
      InstantSource clock) throws IOException {
    Path root = config.localRoot();
    try {
      parts.add(RootLock.take(root, LOG::warn));
    } catch (IOException e) {
      throw new IOException("cache.scratch.path: " + e.getMessage(), e);
    }
    forgetUploads(uploads(root));
    Scratch scratch = Scratch.in(root.resolve("weir/hot"), List.of(partials(root), uploads(root)),
        config.cache().scratch().maxSize().bytes());
    S3ObjectStore bucket = parts
        .add(S3ObjectStore.open(settings, !config.storage().redirectDisabled(), loops.outgoing()));
    purge(bucket, config.storage(), parts, clock);
    ObjectStore store = new RememberedStore(bucket, System::nanoTime);
    Notes notes = new Notes(bucket, Instance.place(root), clock);
    return new Storage(root, store, Content.of(store, notes), new Holdings(clock), Optional.empty(),
        Optional.of(scratch), Optional.of(notes), health(bucket, config, parts),
        "the bucket " + settings.bucket() + " with scratch room in " + root);
  }

  /** What others may go on with lies in the bucket; what lies here may have been overtaken. */
  private static void forgetUploads(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> left = Files.list(directory)) {
        for (Path file : left.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void purge(S3ObjectStore store, StorageConfig config, Closing parts, InstantSource clock) {
    StorageConfig.UploadPurging purging = config.uploadPurging();
    if (purging.enabled() && !purging.dryRun()) {
      parts.add(new Housekeeping()).every(purging.interval(), "take back parts of blobs that were never completed",
          () -> store.abortUploadsBegunBefore(clock.instant().minus(purging.age())));
    }
  }

  private static ReadinessCheck health(ObjectStore store, WeirConfig config, Closing parts) {
    if (!config.health().storageCheck()) {
      return Optional::empty;
    }
    BucketWatch watch = new BucketWatch(store, config.health());
    parts.add(new Housekeeping()).every(config.health().interval(), "ask the bucket", watch::look);
    return watch;
  }

  /** Whether others may write there at the same time. */
  boolean isShared() {
    return disks.isEmpty();
  }

  /** What downloads and uploads have to find. */
  Space space() {
    return disks.<Space>map(Disks::room).or(() -> scratch).orElse(Space.UNBOUNDED);
  }

  /** Where whole blobs are kept at hand. */
  Optional<Shelf> shelf() {
    return scratch.map(Shelf.class::cast);
  }

  /** What room there is for something large, of which these may be here already. A bucket has no bound that we know. */
  Leeway leeway(Set<Digest> coming) {
    return disks.map(all -> all.room().leeway(coming)).orElse(Leeway.UNBOUNDED);
  }

  /** A registry, with whatever has to know what is asked for. */
  Registry noted(Registry registry) {
    return disks.map(all -> all.noted(registry)).orElse(registry);
  }

  /** Keeps the directory within its bound from now on; what is returned has it looked through, for the first time, too. */
  Runnable tidy(BlobRemoval removal, Closing parts) throws IOException {
    if (disks.isEmpty()) {
      return () -> {};
    }
    Steward steward = parts.add(disks.get().steward());
    steward.start(content, removal);
    return steward::rescan;
  }

  /** Where others find what was taken of uploads. */
  Optional<HalfUploads> sharedUploads() {
    return isShared() ? Optional.of(new HalfUploads(store, content.blobs())) : Optional.empty();
  }

  /** Who fetches into the same store, if others may. */
  Replicas replicas(Closing parts, InstantSource clock) throws IOException {
    if (!isShared()) {
      return Replicas.NONE;
    }
    SharedFetches shared = parts.add(new SharedFetches(store, content.blobs(), Instance.place(root), Instance.name(),
        Pace.DEFAULT));
    parts.add(new Housekeeping()).every(FETCHES_LOOKED_AT, "purge what is left of fetches for others",
        () -> shared.purge(clock.instant().minus(FETCHES_KEPT)));
    return shared;
  }

  /** Where downloads grow. */
  Path partials() {
    return partials(root);
  }

  /** Where uploads grow. */
  Path uploads() {
    return uploads(root);
  }

  private static Path partials(Path root) {
    return root.resolve("weir/partial");
  }

  private static Path uploads(Path root) {
    return root.resolve("weir/uploads");
  }
}
