package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;

/**
 * Where downloads grow and where they end.
 *
 * @param partials holds one growing file a digest; on the store's file system, so that a whole one is only renamed. What
 *     a killed process leaves there is continued by the next download of the same digest
 */
record DownloadPlace(BlobStore blobs, Path partials, DownloadEvents events, Space space) {
  boolean holds(Digest digest) throws IOException {
    return blobs.size(digest).isPresent();
  }

  Spool openSpool(Digest digest) throws IOException {
    return Spool.open(partial(digest), digest);
  }

  void commit(Digest digest, Spool verified) throws IOException {
    blobs.commit(digest, verified.file());
  }

  /** Throws away what downloads left before {@code before} and none has gone on with since. */
  void purge(Instant before, Predicate<Path> isRunning) throws IOException {
    if (!Files.isDirectory(partials)) {
      return;
    }
    try (Stream<Path> all = Files.list(partials)) {
      for (Path file : all.toList()) {
        Path partial = Ledger.partialOf(file);
        boolean isLeft = partial.equals(file) || !Files.exists(partial);
        if (isLeft && !isRunning.test(partial) && Files.exists(file)
            && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          space.give(Files.size(file));
          Files.deleteIfExists(file);
        }
      }
    }
  }

  Path partial(Digest digest) {
    return partials.resolve(digest.algorithm() + "-" + digest.hex());
  }
}
