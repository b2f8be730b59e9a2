package dev.weir.storage.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoredObject;

/**
 * Objects as files below a root directory, which one process at a time writes to.
 *
 * <p>Only a regular file is an object: a symbolic link in its place is not followed, since it could lead anywhere.
 * Owner and mode of what is created are the process's own, by its umask. Files that other programs leave in the tree
 * ({@code link.<uuid>.tmp}) are objects like any other; only {@code weir/tmp} is swept.
 */
public final class FsObjectStore implements ObjectStore {
  private static final Path TEMPORARY = Path.of("weir", "tmp");
  /** How far the clock of the file system and the start of the process, both coarse, may disagree. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(5);

  private final Path root;
  private final Tree tree;
  private final TemporaryFiles temporary;
  private final Names names = new Names();

  /**
   * Creates the root where it is absent, and deletes temporary files that earlier processes left.
   *
   * @throws IOException if the root cannot be written to; the message is meant for whoever set it up
   */
  public FsObjectStore(Path root) throws IOException {
    this(root, DirectorySync.FSYNC);
  }

  private FsObjectStore(Path root, Tree tree) {
    this.root = root;
    this.tree = tree;
    this.temporary = new TemporaryFiles(root.resolve(TEMPORARY));
  }

  /**
   * A store that is only to be read, by somebody who may not be able to write: creates and deletes nothing by itself.
   *
   * @throws IOException if {@code root} is not there
   */
  public static FsObjectStore forReading(Path root) throws IOException {
    Path real = root.toRealPath();
    return new FsObjectStore(real, new Tree(real, DirectorySync.FSYNC));
  }

  FsObjectStore(Path root, DirectorySync disk) throws IOException {
    this.root = Root.open(root, TEMPORARY, disk);
    this.tree = new Tree(this.root, disk);
    this.temporary = new TemporaryFiles(this.root.resolve(TEMPORARY));
    Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    temporary.sweep(start.minus(CLOCK_SLACK));
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    Path path = path(key);
    try {
      return object(path) == null ? Optional.empty() : openFile(path);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("open", key, e);
    }
  }

  @Override
  public OptionalLong size(ObjectKey key) throws IOException {
    Path path = path(key);
    try {
      BasicFileAttributes found = object(path);
      if (found == null) {
        return OptionalLong.empty();
      }
      tree.ensureSettled(path);
      return OptionalLong.of(found.size());
    } catch (IOException e) {
      throw failed("look at", key, e);
    }
  }

  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    try {
      force(file);
      try {
        tree.place(file, path(key));
      } catch (AtomicMoveNotSupportedException e) {
        placeTemporary(temporary.copy(file), path(key));
        Files.delete(file);
      }
    } catch (IOException e) {
      throw failed("store " + file + " as", key, e);
    }
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) throws IOException {
    try {
      placeTemporary(temporary.write(value), path(key));
    } catch (IOException e) {
      throw failed("store " + value.length + " bytes as", key, e);
    }
  }

  @Override
  public boolean delete(ObjectKey key) throws IOException {
    Path path = path(key);
    try {
      return object(path) != null && tree.remove(path);
    } catch (IOException e) {
      throw failed("delete", key, e);
    }
  }

  @Override
  public boolean move(ObjectKey from, ObjectKey to) throws IOException {
    Path source = path(from);
    try {
      if (object(source) == null) {
        return false;
      }
      tree.place(source, path(to));
      tree.settleRemoved(source);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw failed("move to " + to, from, e);
    }
  }

  @Override
  public Optional<Instant> written(ObjectKey key) throws IOException {
    try {
      Path path = path(key);
      Optional<Instant> modified = Optional.ofNullable(object(path)).map(found -> found.lastModifiedTime().toInstant());
      Optional<Instant> changed = modified.isEmpty() ? modified : changed(path);
      return changed.isPresent() && changed.get().isAfter(modified.get()) ? changed : modified;
    } catch (IOException e) {
      throw failed("look at", key, e);
    }
  }

  /** An archive that is unpacked here dates its files back; the file system knows better. */
  private static Optional<Instant> changed(Path path) throws IOException {
    try {
      return Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS) instanceof FileTime time
          ? Optional.of(time.toInstant())
          : Optional.empty();
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.empty(); // no such file system, as in tests
    }
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) throws IOException {
    try {
      return names.in(path(prefix), after).flatMap(name -> child(prefix, name).stream());
    } catch (IOException e) {
      throw failed("list", prefix, e);
    }
  }

  @Override
  public void close() {}

  private Optional<StoredObject> openFile(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      tree.ensureSettled(path);
      return Optional.of(new OpenFile(channel, channel.size()));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void placeTemporary(Path file, Path target) throws IOException {
    try {
      tree.place(file, target);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      channel.force(false);
    }
  }

  /** Null: something else than an object, or nothing. */
  private @Nullable BasicFileAttributes object(Path path) throws IOException {
    BasicFileAttributes found = attributes(path);
    return found != null && found.isRegularFile() ? found : null;
  }

  /** Null: absent. Costs no exception then, as most misses end here. */
  private @Nullable BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return root.getFileSystem().provider().readAttributesIfExists(path, BasicFileAttributes.class,
          LinkOption.NOFOLLOW_LINKS);
    } catch (FileSystemException e) {
      if (liesBelowFile(path)) {
        return null;
      }
      throw e;
    }
  }

  private boolean liesBelowFile(Path path) {
    for (Path above = path.getParent(); above != null && !above.equals(root); above = above.getParent()) {
      if (Files.isRegularFile(above)) {
        return true;
      }
    }
    return false;
  }

  /** Empty: gone meanwhile, neither file nor directory, or a name that no key can have. */
  private Optional<Child> child(ObjectKey prefix, String name) {
    try {
      BasicFileAttributes found = attributes(path(prefix.resolve(name)));
      return found != null && (found.isRegularFile() || found.isDirectory())
          ? Optional.of(new Child(name, found.isDirectory()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(failed("list", prefix, e));
    }
  }

  private Path path(ObjectKey key) {
    return root.resolve(key.value());
  }

  private IOException failed(String tried, ObjectKey key, IOException e) {
    return new IOException("cannot " + tried + " " + key + " in " + root + ": " + RootRights.reason(e), e);
  }
}
