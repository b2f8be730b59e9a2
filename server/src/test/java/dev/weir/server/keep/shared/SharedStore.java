package dev.weir.server.keep.shared;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoredObject;

/** One process's way to a store that several have, on which something can happen at any step. */
class SharedStore implements ObjectStore {
  private final InMemoryObjectStore store;
  private final Map<String, Instant> stored;
  private volatile Happening happening = (operation, key, isOver) -> {};

  SharedStore(InMemoryObjectStore store) {
    this(store, Map.of());
  }

  /** @param stored when objects were written, by part of their key, if it is not as the store says */
  SharedStore(InMemoryObjectStore store, Map<String, Instant> stored) {
    this.store = store;
    this.stored = stored;
  }

  /** What happens before and after each operation of this process. */
  interface Happening {
    void at(String operation, String key, boolean isOver) throws IOException;
  }

  void on(Happening what) {
    happening = what;
  }

  private interface Operation<T> {
    T run() throws IOException;
  }

  private <T> T does(String operation, ObjectKey key, Operation<T> what) throws IOException {
    happening.at(operation, key.value(), false);
    T result = what.run();
    happening.at(operation, key.value(), true);
    return result;
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    return does("get", key, () -> store.open(key));
  }

  @Override
  public OptionalLong size(ObjectKey key) throws IOException {
    return does("size", key, () -> store.size(key));
  }

  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    boolean _ = does("put", key, () -> {
      store.putFile(key, file);
      return true;
    });
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) throws IOException {
    boolean _ = does("put", key, () -> {
      store.putBytes(key, value);
      return true;
    });
  }

  @Override
  public boolean putIfAbsent(ObjectKey key, byte[] value) throws IOException {
    return does("put", key, () -> store.putIfAbsent(key, value));
  }

  @Override
  public boolean delete(ObjectKey key) throws IOException {
    return does("delete", key, () -> store.delete(key));
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) throws IOException {
    return does("list", prefix, () -> store.children(prefix, after).toList()).stream();
  }

  @Override
  public Optional<Instant> written(ObjectKey key) {
    return stored.entrySet().stream().filter(each -> key.value().contains(each.getKey())).map(Map.Entry::getValue)
        .findFirst().or(() -> store.written(key));
  }

  @Override
  public void close() {}
}
