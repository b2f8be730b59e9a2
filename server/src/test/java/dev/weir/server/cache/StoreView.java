package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoredObject;

/** A store as one of several sees it; for tests that change a little of that. */
class StoreView implements ObjectStore {
  private final ObjectStore inner;

  StoreView(ObjectStore inner) {
    this.inner = inner;
  }

  @Override
  public boolean putIfAbsent(ObjectKey key, byte[] value) throws IOException {
    return inner.putIfAbsent(key, value);
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    return inner.open(key);
  }

  @Override
  public OptionalLong size(ObjectKey key) throws IOException {
    return inner.size(key);
  }

  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    inner.putFile(key, file);
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) throws IOException {
    inner.putBytes(key, value);
  }

  @Override
  public boolean delete(ObjectKey key) throws IOException {
    return inner.delete(key);
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) throws IOException {
    return inner.children(prefix, after);
  }

  @Override
  public void close() {}
}
