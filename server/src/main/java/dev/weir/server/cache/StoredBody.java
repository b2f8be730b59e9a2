package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.Executor;

import dev.weir.storage.StoredObject;

/** A blob that is whole, in a file of the store. */
final class StoredBody implements BlobBody {
  private final SharedFile file;
  /** Whether whoever takes the file away says so to those who keep it open. */
  private final boolean mayBeKept;
  /** Whether its reader can wait for the file to close. */
  private final boolean mayWait;
  private boolean isClosed;

  private StoredBody(SharedFile file, boolean mayBeKept, boolean mayWait) {
    this.file = file;
    this.mayBeKept = mayBeKept;
    this.mayWait = mayWait;
  }

  /**
   * Takes the object over; a store without local files is served through a download.
   *
   * @param mayBeKept whether whoever takes the file away says so to those who keep it open
   * @param aside as {@link SharedFile#aside}
   */
  static StoredBody of(StoredObject object, boolean mayBeKept, Executor aside) {
    return new StoredBody(new SharedFile(object, aside), mayBeKept, true);
  }

  /** @param held by the caller for this body, which lets go of it without waiting */
  static StoredBody further(SharedFile held) {
    return new StoredBody(held, false, false);
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public FileChannel file() {
    return file.channel();
  }

  @Override
  public long awaitBeyond(long offset) {
    return file.size();
  }

  @Override
  public boolean isThere() {
    return true;
  }

  @Override
  public Optional<OpenBlob> keepOpen() {
    return mayBeKept && file.retain() ? Optional.of(new KeptOpen(file)) : Optional.empty();
  }

  @Override
  public void close() throws IOException {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (mayWait) {
      file.release();
    } else {
      file.releaseAside();
    }
  }
}
