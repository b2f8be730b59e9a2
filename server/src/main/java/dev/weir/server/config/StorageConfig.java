package dev.weir.server.config;

import java.nio.file.Path;
import java.time.Duration;

import dev.weir.storage.s3.S3Settings;

/**
 * Where content lies and what may happen to it.
 *
 * @param deleteEnabled    whether DELETE is answered at all
 * @param readOnly         whether everything that changes what is held is refused
 * @param redirectDisabled whether bytes are served by weir even where the store could hand out addresses
 */
public record StorageConfig(Backend backend, boolean deleteEnabled, boolean readOnly, boolean redirectDisabled,
    UploadPurging uploadPurging) {

  /** What keeps the bytes. */
  public sealed interface Backend {}

  /** @param maxThreads how many files are worked on at once */
  public record Filesystem(Path root, int maxThreads) implements Backend {}

  /** A bucket. */
  public record S3(S3Settings settings) implements Backend {}

  /** When uploads that nobody finished go away. */
  public record UploadPurging(boolean enabled, Duration age, Duration interval, boolean dryRun) {}
}
