package dev.weir.server.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

import dev.weir.server.cache.BlobBody;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/**
 * Has blobs fetched that a repository may have, for nobody but the store: asks our own registry for them, as a client would.
 * Thread-safe.
 *
 * @param stopping nobody waits any more
 */
public record BlobFetch(Registry registry, BlobStore blobs, BooleanSupplier stopping) {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  /** Half a minute of them: a store that takes longer for one blob is in trouble. */
  private static final int MOST_LOOKS = 1_500;

  /** Returns when the blob is stored. */
  public void fetch(RepositoryName name, Digest digest) throws IOException {
    try (BlobBody body = registry.blob(name, digest)) {
      if (body.size() > 0) {
        body.awaitBeyond(body.size() - 1);
      }
    }
    awaitStored(digest);
  }

  /** The same, and tells now and then how many of its bytes are here. */
  public void fetch(RepositoryName name, Digest digest, LongConsumer arrived) throws IOException {
    try (BlobBody body = registry.blob(name, digest)) {
      for (long here = 0; here < body.size();) {
        here = body.awaitBeyond(here);
        arrived.accept(here);
        if (stopping.getAsBoolean()) {
          throw new IOException("stopped while " + digest + " came");
        }
      }
    }
    awaitStored(digest);
  }

  /** Its last bytes may be read a little before the store has taken the blob. */
  public void awaitStored(Digest digest) throws IOException {
    for (int looks = 0; blobs.sizeForWriting(digest).isEmpty(); looks++) {
      if (looks == MOST_LOOKS || stopping.getAsBoolean()) {
        throw new IOException(digest + " has come and is not stored yet");
      }
      try {
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        throw new IOException("stopped while " + digest + " came", e);
      }
    }
  }
}
