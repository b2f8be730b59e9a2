package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.Scratch;
import dev.weir.server.cache.Shelf;
import dev.weir.server.config.StorageConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.http.ReadinessCheck;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.fs.FsObjectStore;
import dev.weir.storage.fs.RootLock;
import dev.weir.storage.fs.RootRights;
import dev.weir.storage.s3.S3ObjectStore;
import dev.weir.storage.s3.S3Settings;

/**
 * Where content lies, and what is on its way.
 *
 * @param root  the directory that weir writes to
 * @param shelf keeps at hand what does not lie there
 * @param name  for the log
 */
record Storage(Path root, ObjectStore store, Optional<Shelf> shelf, ReadinessCheck health, String name) {
  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

  /** Opens what is configured, for this process alone. */
  static Storage open(WeirConfig config, Closing parts, InstantSource clock) throws IOException {
    Path root = config.localRoot();
    return switch (config.storage().backend()) {
      case StorageConfig.Filesystem files -> directory(root, parts);
      case StorageConfig.S3 bucket -> bucket(bucket.settings(), config, parts, clock);
    };
  }

  private static Storage directory(Path root, Closing parts) throws IOException {
    parts.add(RootLock.take(root, LOG::warn));
    ObjectStore store = parts.add(new FsObjectStore(root));
    RootRights.doubt(root).ifPresent(LOG::warn);
    return new Storage(root, store, Optional.empty(),
        () -> Files.isReadable(root) ? Optional.empty() : Optional.of("cannot read " + root), root.toString());
  }

  private static Storage bucket(S3Settings settings, WeirConfig config, Closing parts, InstantSource clock)
      throws IOException {
    Path root = config.localRoot();
    try {
      parts.add(RootLock.take(root, LOG::warn));
    } catch (IOException e) {
      throw new IOException("cache.scratch.path: " + e.getMessage(), e);
    }
    Shelf shelf = Scratch.in(root.resolve("weir/hot"), List.of(partials(root), uploads(root)),
        config.cache().scratch().maxSize().bytes());
    S3ObjectStore store = parts.add(S3ObjectStore.open(settings, !config.storage().redirectDisabled()));
    Housekeeping housekeeping = parts.add(new Housekeeping());
    StorageConfig.UploadPurging purging = config.storage().uploadPurging();
    if (purging.enabled() && !purging.dryRun()) {
      housekeeping.every(purging.interval(), "take back parts of blobs that were never completed",
          () -> store.abortUploadsBegunBefore(clock.instant().minus(purging.age())));
    }
    return new Storage(root, store, Optional.of(shelf), health(store, config, parts),
        "the bucket " + settings.bucket() + " with scratch room in " + root);
  }

  private static ReadinessCheck health(ObjectStore store, WeirConfig config, Closing parts) {
    if (!config.health().storageCheck()) {
      return Optional::empty;
    }
    BucketWatch watch = new BucketWatch(store, config.health());
    parts.add(new Housekeeping()).every(config.health().interval(), "ask the bucket", watch::look);
    return watch;
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
