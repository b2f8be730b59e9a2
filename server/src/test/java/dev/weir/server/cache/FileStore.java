package dev.weir.server.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoredObject;

/** A store that forgets its names and keeps its bytes in local files. It can be full, and knows how many objects are open. */
public final class FileStore implements ObjectStore {
  private final Path root;
  private final ConcurrentSkipListMap<String, Path> objects = new ConcurrentSkipListMap<>();
  private final AtomicLong names = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean full = new AtomicBoolean();

  public FileStore(Path root) {
    this.root = root;
  }

  /** Whether everything that is written from now on fails. */
  public void full(boolean isFull) {
    full.set(isFull);
  }

  /** How many objects were opened and not closed. */
  public int openObjects() {
    return open.get();
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    Path file = objects.get(key.value());
    return file == null ? Optional.empty() : Optional.of(new Opened(FileChannel.open(file)));
  }

  @Override
  public OptionalLong size(ObjectKey key) throws IOException {
    Path file = objects.get(key.value());
    return file == null ? OptionalLong.empty() : OptionalLong.of(Files.size(file));
  }

  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    Path home = newFile();
    Files.move(file, home);
    objects.put(key.value(), home);
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) throws IOException {
    Path home = newFile();
    Files.write(home, value);
    objects.put(key.value(), home);
  }

  private Path newFile() throws IOException {
    if (full.get()) {
      throw new IOException("no space left on device");
    }
    Files.createDirectories(root);
    return root.resolve("object-" + names.incrementAndGet());
  }

  @Override
  public boolean delete(ObjectKey key) {
    return objects.remove(key.value()) != null;
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) {
    String start = prefix.value() + "/";
    return objects.keySet().stream().filter(key -> key.startsWith(start))
        .map(key -> child(key.substring(start.length()))).distinct().filter(child -> child.name().compareTo(after) > 0)
        .sorted(Comparator.comparing(Child::name));
  }

  private static Child child(String below) {
    int slash = below.indexOf('/');
    return slash < 0 ? new Child(below, false) : new Child(below.substring(0, slash), true);
  }

  @Override
  public void close() {}

  private final class Opened implements StoredObject {
    private final FileChannel channel;
    private final long size;
    private boolean closed;

    Opened(FileChannel channel) throws IOException {
      this.channel = channel;
      this.size = channel.size();
      open.incrementAndGet();
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Optional<FileChannel> file() {
      return Optional.of(channel);
    }

    @Override
    public InputStream read() throws IOException {
      return Channels.newInputStream(channel.position(0));
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
        channel.close();
      }
    }
  }
}
