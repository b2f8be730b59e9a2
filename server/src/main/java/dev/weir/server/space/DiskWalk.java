package dev.weir.server.space;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Adds up what everything below a root takes of the disk, but for the bytes of blobs and for growing files, which are
 * counted otherwise. Slow on purpose. For one thread at a time.
 */
final class DiskWalk extends SimpleFileVisitor<Path> {
  /** Directories that take less lie in their own inode, as on xfs. */
  private static final long SMALLEST_DIRECTORY = 512;
  private static final String DATA = "data";

  private final Path blobs;
  private final Set<Path> growing;
  private final Stride stride;
  private long bytes;

  private DiskWalk(Path root, Stride stride) {
    this.blobs = root.resolve("docker/registry/v2/blobs");
    this.growing = Set.copyOf(GrowingFiles.directories(root));
    this.stride = stride;
  }

  /** In bytes. */
  static long of(Path root, Stride stride) throws IOException {
    DiskWalk walk = new DiskWalk(root, stride);
    Files.walkFileTree(root, walk);
    return walk.bytes;
  }

  /** What a directory takes on the file system that {@code directory} lies on, in bytes. */
  static long ofDirectory(Path directory) throws IOException {
    return ofDirectory(Files.size(directory));
  }

  private static long ofDirectory(long size) {
    return size < SMALLEST_DIRECTORY ? 0 : Blocks.of(size);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
    stride.step();
    bytes += ofDirectory(attributes.size());
    return growing.contains(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    stride.step();
    boolean isBlob = file.endsWith(DATA) && file.startsWith(blobs);
    bytes += isBlob || !attributes.isRegularFile() ? 0 : Blocks.of(attributes.size());
    return FileVisitResult.CONTINUE;
  }

  /** Gone while we looked, or not ours to see. */
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
      throws IOException {
    if (e == null || e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }
}
