package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * Files that become objects by a rename. They lie in a directory of their own on the objects' file system, so that what
 * a crash leaves is found in one place. Their content is durable when they are handed out. Thread-safe.
 */
final class TemporaryFiles {
  private final Path directory;

  TemporaryFiles(Path directory) {
    this.directory = directory;
  }

  Path write(byte[] content) throws IOException {
    return create(channel -> {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    });
  }

  Path copy(Path file) throws IOException {
    return create(channel -> {
      try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
        long size = source.size();
        for (long done = 0; done < size;) {
          long copied = source.transferTo(done, size - done, channel);
          if (copied == 0) {
            throw new IOException(file + " became shorter while it was copied");
          }
          done += copied;
        }
      }
    });
  }

  /** Deletes the files that were last written before {@code limit}; those that a running process needs are younger. */
  void sweep(Instant limit) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isOlder(file, limit)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static boolean isOlder(Path file, Instant limit) throws IOException {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(limit);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private Path create(Content content) throws IOException {
    Path file = directory.resolve(UUID.randomUUID().toString());
    try (FileChannel channel = openNew(file)) {
      content.writeTo(channel);
      channel.force(false);
      return file;
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Whoever deletes weir's own directory under a running weir loses knowledge, not the ability to write. Never makes the root. */
  private FileChannel openNew(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      createUnlessThere(Objects.requireNonNull(directory.getParent()));
      createUnlessThere(directory);
      return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
  }

  private static void createUnlessThere(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      return; // another thread was quicker
    }
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }
}
