package dev.weir.storage.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** Does to real files what it is told, and writes it down. One change at a time, so that the order is the true one. */
final class RecordedProvider extends FileSystemProvider {
  private final FileSystemProvider real = FileSystems.getDefault().provider();
  private final RecordedFileSystem system;
  private final Path root;
  private final Journal journal;

  RecordedProvider(RecordedFileSystem system, Path root, Journal journal) {
    this.system = system;
    this.root = root;
    this.journal = journal;
  }

  private String name(Path path) {
    return root.relativize(RecordedPath.real(path)).toString();
  }

  @Override
  public synchronized FileChannel newFileChannel(Path path, Set<? extends OpenOption> options,
      FileAttribute<?>... attributes) throws IOException {
    Path file = RecordedPath.real(path);
    if (Files.isDirectory(file)) {
      return new RecordedDirectory(real.newFileChannel(file, options, attributes), name(path), journal);
    }
    boolean isThere = Files.exists(file);
    boolean mayCreate = options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW);
    if (!isThere && mayCreate) {
      journal.attempt("create", name(path));
    }
    FileChannel opened = real.newFileChannel(file, options, attributes);
    int number = journal.opened(name(path), !isThere);
    if (isThere && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      journal.add(new Change.Truncate(number, 0));
    }
    return new RecordedFile(opened, name(path), number, journal);
  }

  @Override
  public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options,
      FileAttribute<?>... attributes) throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public synchronized void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    journal.attempt("mkdir", name(directory));
    real.createDirectory(RecordedPath.real(directory), attributes);
    journal.add(new Change.MakeDirectory(name(directory)));
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    journal.attempt("delete", name(path));
    real.delete(RecordedPath.real(path));
    journal.add(new Change.Remove(name(path)));
  }

  @Override
  public synchronized void move(Path source, Path target, CopyOption... options) throws IOException {
    journal.attempt("rename", name(target));
    real.move(RecordedPath.real(source), RecordedPath.real(target), options);
    journal.add(new Change.Rename(name(source), name(target)));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
      throws IOException {
    DirectoryStream<Path> entries = real.newDirectoryStream(RecordedPath.real(directory),
        entry -> filter.accept(new RecordedPath(system, entry)));
    return new Entries(entries, system);
  }

  private record Entries(DirectoryStream<Path> real, RecordedFileSystem system) implements DirectoryStream<Path> {
    @Override
    public Iterator<Path> iterator() {
      Iterator<Path> entries = real.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return entries.hasNext();
        }

        @Override
        public Path next() {
          return new RecordedPath(system, entries.next());
        }
      };
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    real.checkAccess(RecordedPath.real(path), modes);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(Path path, Class<V> type,
      LinkOption... options) {
    return real.getFileAttributeView(RecordedPath.real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
      throws IOException {
    return real.readAttributes(RecordedPath.real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
    return real.readAttributes(RecordedPath.real(path), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
    real.setAttribute(RecordedPath.real(path), attribute, value, options);
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return real.isSameFile(RecordedPath.real(one), RecordedPath.real(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return real.isHidden(RecordedPath.real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return real.getFileStore(RecordedPath.real(path));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException("a copy would not be recorded");
  }

  @Override
  public String getScheme() {
    return "recorded";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }
}
