package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Path;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;

/**
 * Where downloads grow and where they end.
 *
 * @param partials holds one growing file a digest; on the store's file system, so that a whole one is only renamed. What
 *     a killed process leaves there is continued by the next download of the same digest
 */
record DownloadPlace(BlobStore blobs, Path partials, DownloadEvents events) {
  boolean holds(Digest digest) throws IOException {
    return blobs.size(digest).isPresent();
  }

  Spool openSpool(Digest digest) throws IOException {
    return Spool.open(partials.resolve(digest.algorithm() + "-" + digest.hex()), digest);
  }

  void commit(Digest digest, Spool verified) throws IOException {
    blobs.commit(digest, verified.file());
  }
}
