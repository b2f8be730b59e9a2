package dev.weir.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A store that forgets everything. It knows how many of its objects are open, so that a test can see a leak. */
public final class InMemoryObjectStore implements ObjectStore {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>(NameOrder::compare);
  private final AtomicInteger open = new AtomicInteger();
  private volatile Optional<InstantSource> writing = Optional.empty();

  /** From now on it says that everything in it was written now. */
  public void tellWritten(InstantSource clock) {
    writing = Optional.of(clock);
  }

  @Override
  public Optional<Instant> written(ObjectKey key) {
    return objects.containsKey(key.value()) ? writing.map(InstantSource::instant) : Optional.empty();
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) {
    return Optional.ofNullable(objects.get(key.value())).map(Opened::new);
  }

  @Override
  public OptionalLong size(ObjectKey key) {
    byte[] found = objects.get(key.value());
    return found == null ? OptionalLong.empty() : OptionalLong.of(found.length);
  }

  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    objects.put(key.value(), Files.readAllBytes(file));
    Files.delete(file);
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) {
    objects.put(key.value(), value.clone());
  }

  @Override
  public boolean putIfAbsent(ObjectKey key, byte[] value) {
    return objects.putIfAbsent(key.value(), value.clone()) == null;
  }

  @Override
  public boolean delete(ObjectKey key) {
    return objects.remove(key.value()) != null;
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) {
    String start = prefix.value() + "/";
    return objects.keySet().stream().filter(key -> key.startsWith(start))
        .map(key -> child(key.substring(start.length())))
        .distinct().filter(child -> NameOrder.compare(child.name(), after) > 0)
        .sorted(Comparator.comparing(Child::name, NameOrder::compare).thenComparing(Child::isPrefix));
  }

  private static Child child(String below) {
    int slash = below.indexOf('/');
    return slash < 0 ? new Child(below, false) : new Child(below.substring(0, slash), true);
  }

  /** Every key, in order. */
  public Stream<ObjectKey> keys() {
    return objects.keySet().stream().map(ObjectKey::new);
  }

  /** How many objects were opened and not closed. */
  public int openObjects() {
    return open.get();
  }

  /** Another store with the same objects, as a restart would find them. */
  public InMemoryObjectStore copy() {
    InMemoryObjectStore copy = new InMemoryObjectStore();
    for (Map.Entry<String, byte[]> object : objects.entrySet()) {
      copy.objects.put(object.getKey(), object.getValue());
    }
    return copy;
  }

  @Override
  public void close() {}

  /** The bytes as they were when it was opened. */
  private final class Opened implements StoredObject {
    private final byte[] content;
    private boolean closed;

    Opened(byte[] content) {
      this.content = content;
      open.incrementAndGet();
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public Optional<FileChannel> file() {
      return Optional.empty();
    }

    @Override
    public InputStream read() {
      return new ByteArrayInputStream(content);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }
}
