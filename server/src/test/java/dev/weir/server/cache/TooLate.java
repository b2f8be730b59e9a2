package dev.weir.server.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoredObject;

/** A store where what a weir hands on can be opened, and is read only when it has been taken away. */
final class TooLate extends StoreView {
  private final CountDownLatch isRead = new CountDownLatch(1);

  TooLate(ObjectStore inner) {
    super(inner);
  }

  /** Returns when somebody is about to read something. */
  void awaitRead() throws InterruptedException {
    isRead.await();
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    Optional<StoredObject> found = super.open(key);
    return key.value().contains("/pieces/") ? found.map(object -> new Gone(object, key)) : found;
  }

  private final class Gone implements StoredObject {
    private final StoredObject object;
    private final ObjectKey key;

    Gone(StoredObject object, ObjectKey key) {
      this.object = object;
      this.key = key;
    }

    @Override
    public long size() {
      return object.size();
    }

    @Override
    public Optional<FileChannel> file() {
      return Optional.empty();
    }

    @Override
    public InputStream read() throws IOException {
      isRead.countDown();
      while (TooLate.this.size(key).isPresent()) {
        LockSupport.parkNanos(1_000_000);
      }
      throw new IOException("no such object");
    }

    @Override
    public void close() throws IOException {
      object.close();
    }
  }
}
