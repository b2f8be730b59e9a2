package dev.weir.server.cli;

import java.io.IOException;
import java.time.Instant;

import dev.weir.server.config.StorageConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.fs.FsObjectStore;
import dev.weir.storage.s3.S3ObjectStore;

/** What a configuration keeps its data in, for commands that need no running weir. The caller closes it. */
final class DataAtRest {
  private DataAtRest() {}

  /** Changes nothing. */
  static ObjectStore forReading(WeirConfig config) throws IOException {
    return switch (config.storage().backend()) {
      case StorageConfig.Filesystem files -> FsObjectStore.forReading(config.localRoot());
      case StorageConfig.S3 bucket -> S3ObjectStore.open(bucket.settings(), false);
    };
  }

  /** For whoever holds the lock of {@link WeirConfig#localRoot}, and knows that nobody else writes to a bucket. */
  static ObjectStore forWriting(WeirConfig config) throws IOException {
    return switch (config.storage().backend()) {
      case StorageConfig.Filesystem files -> new FsObjectStore(config.localRoot());
      case StorageConfig.S3 bucket -> S3ObjectStore.open(bucket.settings(), false);
    };
  }

  /** What was written before this is nobody's business any more. A lock keeps others from a directory, and none from a bucket. */
  static Instant settledBefore(WeirConfig config) {
    return switch (config.storage().backend()) {
      case StorageConfig.Filesystem files -> Instant.MAX;
      case StorageConfig.S3 bucket -> Instant.now().minus(config.gc().grace());
    };
  }
}
