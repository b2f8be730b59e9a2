package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

/** Keeps a folder for one export at a time; one that was killed keeps it no longer. */
public final class FolderLock implements AutoCloseable {
  private static final String NAME = ".weir-export.lock";

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Makes the folder, if there is none.
   *
   * @throws IOException if another has it; the message is a sentence
   */
  public static FolderLock take(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(NAME);
    FileChannel channel = FileChannel.open(file, CREATE, WRITE);
    boolean isTaken = false;
    try {
      isTaken = lock(channel) != null && isNamed(channel, file);
    } finally {
      if (!isTaken) {
        channel.close();
      }
    }
    if (!isTaken) {
      throw new IOException("nothing was written: another export writes into " + folder + " just now");
    }
    return new FolderLock(file, channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this process has it
    }
  }

  /** Whoever had it before may have deleted the file that was opened here, and a third may have made another. */
  private static boolean isNamed(FileChannel channel, Path file) throws IOException {
    String mark = UUID.randomUUID().toString();
    channel.truncate(0);
    Channels.newOutputStream(channel).write(mark.getBytes(UTF_8));
    try {
      return Files.readString(file).equals(mark);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
    }
  }
}
