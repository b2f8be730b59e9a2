package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The right to write below a root directory, for one process at a time: a lock on {@code weir/lock}, which the kernel
 * takes back however the process ends. The file says who holds it.
 */
public final class RootLock implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int HOLDER_BYTES = 256;

  private final FileChannel file;

  private RootLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the lock, waiting for another holder to end for up to 30 s.
   *
   * @param waiting told once, when it has to wait
   * @throws IOException if it is still held then, and the message names the holder; or if {@code root} cannot be written
   *     to
   */
  public static RootLock take(Path root, Consumer<String> waiting) throws IOException {
    return take(root, waiting, LONGEST_WAIT);
  }

  /**
   * Who holds the lock at this moment, such as {@code process 7 on this host}; empty where nobody does. Changes nothing.
   * Not for the process that may hold it itself: the kernel takes a lock back when its process closes the file anywhere.
   */
  public static Optional<String> holder(Path root) throws IOException {
    Path path = root.resolve("weir/lock");
    if (Files.notExists(path)) {
      return Optional.empty();
    }
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        FileLock free = file.tryLock(0, Long.MAX_VALUE, true)) {
      return free == null ? Optional.of(readHolder(file)) : Optional.empty();
    }
  }

  static RootLock take(Path root, Consumer<String> waiting, Duration longest) throws IOException {
    FileChannel file = open(root);
    try {
      await(file, root, waiting, System.nanoTime() + longest.toNanos());
      file.truncate(0);
      file.write(StandardCharsets.UTF_8.encode(holder()), 0);
      return new RootLock(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static FileChannel open(Path root) throws IOException {
    try {
      Path path = Files.createDirectories(root.resolve("weir")).resolve("lock");
      return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw RootRights.refusal(root, e);
    }
  }

  private static void await(FileChannel file, Path root, Consumer<String> waiting, long deadline) throws IOException {
    boolean told = false;
    while (file.tryLock() == null) {
      String held = root + " is in use by " + readHolder(file);
      if (System.nanoTime() >= deadline) {
        throw new IOException(held + "; two weirs must not write to one directory");
      }
      if (!told) {
        waiting.accept(held + "; waiting for it to end");
        told = true;
      }
      pause();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for another weir to end", e);
    }
  }

  private static String holder() {
    return "process " + ProcessHandle.current().pid() + " on " + System.getenv().getOrDefault("HOSTNAME", "this host");
  }

  private static String readHolder(FileChannel file) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(HOLDER_BYTES);
    file.read(text, 0);
    String holder = StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
    return holder.isEmpty() ? "another weir" : holder;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
