package dev.weir.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * A store on which only so much is worked at once; the rest waits. To read what was opened, and to go on with a list, is no work:
 * whoever does may take as long as he likes. Thread-safe.
 */
public final class RegulatedStore implements ObjectStore {
  /** With less, a few slow disk writes would stop everything else. */
  public static final int LEAST = 25;

  private final ObjectStore store;
  private final Semaphore turns;

  /** @param most at once; {@link #LEAST} if it is less */
  public RegulatedStore(ObjectStore store, int most) {
    this.store = store;
    this.turns = new Semaphore(Math.max(LEAST, most));
  }

  /** Something that is done in a turn. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T inTurn(Work<T> work) throws IOException {
    turns.acquireUninterruptibly();
    try {
      return work.run();
    } finally {
      turns.release();
    }
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    return inTurn(() -> store.open(key));
  }

  @Override
  public OptionalLong size(ObjectKey key) throws IOException {
    return inTurn(() -> store.size(key));
  }

  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    inTurn(() -> {
      store.putFile(key, file);
      return true;
    });
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) throws IOException {
    inTurn(() -> {
      store.putBytes(key, value);
      return true;
    });
  }

  @Override
  public boolean delete(ObjectKey key) throws IOException {
    return inTurn(() -> store.delete(key));
  }

  @Override
  public boolean move(ObjectKey from, ObjectKey to) throws IOException {
    return inTurn(() -> store.move(from, to));
  }

  @Override
  public Optional<Instant> written(ObjectKey key) throws IOException {
    return inTurn(() -> store.written(key));
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) throws IOException {
    return inTurn(() -> store.children(prefix, after));
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
