package dev.weir.server.archive.out;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

/** Files that have their names only once they are whole and on the disk. */
final class Durable {
  private static final String UNFINISHED = ".unfinished";
  private static final int BUFFER = 1 << 16;

  private Durable() {}

  /** Writes a file's content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Where a file is while it is written: hidden, in the same folder. */
  static Path unfinished(Path file) {
    return file.resolveSibling("." + file.getFileName() + UNFINISHED);
  }

  static boolean isUnfinished(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(".") && name.endsWith(UNFINISHED);
  }

  static FileChannel begin(Path file) throws IOException {
    return FileChannel.open(unfinished(file), CREATE, TRUNCATE_EXISTING, WRITE);
  }

  /** @param channel that {@link #begin} opened; all was written to it */
  static void finish(Path file, FileChannel channel) throws IOException {
    channel.force(true);
    channel.close();
    Files.move(unfinished(file), file, StandardCopyOption.ATOMIC_MOVE);
    sync(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder"));
  }

  static void write(Path file, Content content) throws IOException {
    try (FileChannel channel = begin(file)) {
      BufferedOutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
      content.writeTo(out);
      out.flush();
      finish(file, channel);
    } finally {
      Files.deleteIfExists(unfinished(file));
    }
  }

  static void write(Path file, String text) throws IOException {
    write(file, out -> out.write(text.getBytes(UTF_8)));
  }

  /** Where the file system lets a folder be synced. */
  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
  }
}
