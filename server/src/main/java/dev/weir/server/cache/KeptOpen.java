package dev.weir.server.cache;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One hold on a file for readers to come. Thread-safe. */
final class KeptOpen implements OpenBlob {
  private final SharedFile file;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /** @param held by the caller for this */
  KeptOpen(SharedFile held) {
    this.file = held;
  }

  @Override
  public Optional<BlobBody> body() {
    return !isClosed.get() && file.retain() ? Optional.of(StoredBody.further(file)) : Optional.empty();
  }

  @Override
  public void close() {
    if (!isClosed.getAndSet(true)) {
      file.releaseAside();
    }
  }
}
