package dev.weir.server.space;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoredObject;

/**
 * A store on a directory that counts what its small objects take of the disk, and takes no more when it is full. Blobs are
 * counted by {@link Holdings}. Thread-safe.
 */
public final class MeteredStore implements ObjectStore {
  private static final String BLOBS = "docker/registry/v2/blobs/";

  private final ObjectStore store;
  private final Room room;
  /** What a directory takes, in bytes: every object has one of its own. */
  private final long directoryBytes;

  public MeteredStore(ObjectStore store, Room room, long directoryBytes) {
    this.store = store;
    this.room = room;
    this.directoryBytes = directoryBytes;
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    return store.open(key);
  }

  @Override
  public OptionalLong size(ObjectKey key) throws IOException {
    return store.size(key);
  }

  /** Its bytes are counted already, wherever they lie now. */
  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    store.putFile(key, file);
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) throws IOException {
    long before = taken(key, store.size(key));
    if (before == 0) {
      room.requireAny();
    }
    store.putBytes(key, value);
    room.small(taken(key, OptionalLong.of(value.length)) - before);
  }

  @Override
  public boolean delete(ObjectKey key) throws IOException {
    long before = taken(key, store.size(key));
    boolean was = store.delete(key);
    if (was) {
      room.small(-before);
    }
    return was;
  }

  @Override
  public boolean move(ObjectKey from, ObjectKey to) throws IOException {
    OptionalLong size = store.size(from);
    boolean moved = store.move(from, to);
    if (moved) {
      room.small(taken(to, size) - taken(from, size));
    }
    return moved;
  }

  @Override
  public Optional<Instant> written(ObjectKey key) throws IOException {
    return store.written(key);
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) throws IOException {
    return store.children(prefix, after);
  }

  private long taken(ObjectKey key, OptionalLong size) {
    if (size.isEmpty()) {
      return 0;
    }
    return directoryBytes + (key.value().startsWith(BLOBS) ? 0 : Blocks.of(size.getAsLong()));
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
