package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.Digest;
import dev.weir.storage.StoredObject;

/**
 * Blobs that were asked for lately, in a directory of bounded size; those go first that were not asked for the longest. What
 * else lies beside, on its way to the store or from it, counts too, but never goes.
 *
 * <p>Nothing here is made durable: what is found at the start counts only if the machine was not restarted since.
 */
public final class Scratch implements Shelf {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Path directory;
  private final List<Path> beside;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  /** Sizes, the longest unused first. */
  @GuardedBy("lock") private final LinkedHashMap<Digest, Long> kept = new LinkedHashMap<>(16, 0.75f, true);
  @GuardedBy("lock") private long keptBytes;

  private Scratch(Path directory, List<Path> beside, long mostBytes) {
    this.directory = directory;
    this.beside = List.copyOf(beside);
    this.mostBytes = mostBytes;
  }

  /**
   * Takes up what an earlier process left.
   *
   * @param beside directories whose files count
   */
  public static Scratch in(Path directory, List<Path> beside, long mostBytes) throws IOException {
    return in(directory, beside, mostBytes, Files.exists(BOOT_ID) ? Files.readString(BOOT_ID) : "");
  }

  /** @param boot differs from one start of the machine to the next; empty: it cannot be told */
  static Scratch in(Path directory, List<Path> beside, long mostBytes, String boot) throws IOException {
    Files.createDirectories(directory);
    Path mark = directory.resolve("boot");
    boolean isSameBoot = !boot.isEmpty() && Files.exists(mark) && Files.readString(mark).equals(boot);
    Scratch scratch = new Scratch(directory, beside, mostBytes);
    for (Found file : Found.in(directory)) {
      if (isSameBoot) {
        scratch.take(file);
      } else {
        Files.delete(file.path());
      }
    }
    Files.writeString(mark, boot);
    scratch.makeRoom(0);
    return scratch;
  }

  /** A file with a digest for its name. */
  private record Found(Path path, Digest digest, long size, FileTime time) {
    /** The oldest first. */
    static List<Found> in(Path directory) throws IOException {
      List<Found> all = new ArrayList<>();
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Optional<Digest> digest = digest(String.valueOf(file.getFileName()));
          if (digest.isPresent()) {
            all.add(new Found(file, digest.get(), Files.size(file), Files.getLastModifiedTime(file)));
          }
        }
      }
      all.sort(Comparator.comparing(Found::time));
      return all;
    }

    private static Optional<Digest> digest(String name) {
      try {
        return Optional.of(Digest.parse(name.replace('-', ':')));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  private void take(Found file) {
    lock.lock();
    try {
      kept.put(file.digest(), file.size());
      keptBytes += file.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<StoredObject> open(Digest digest) throws IOException {
    lock.lock();
    try {
      if (kept.get(digest) == null) {
        return Optional.empty();
      }
    } finally {
      lock.unlock();
    }
    try {
      return Optional.of(new KeptFile(FileChannel.open(path(digest))));
    } catch (NoSuchFileException e) {
      forget(digest);
      return Optional.empty();
    }
  }

  @Override
  public void keep(Digest digest, Path verified) throws IOException {
    long size = Files.size(verified);
    if (!makeRoom(size)) {
      Files.delete(verified);
      return;
    }
    lock.lock();
    try {
      Files.move(verified, path(digest), StandardCopyOption.ATOMIC_MOVE);
      Long before = kept.put(digest, size);
      keptBytes += size - (before == null ? 0 : before);
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes lie here because they may be asked for again. */
  public long keptBytes() {
    lock.lock();
    try {
      return keptBytes;
    } finally {
      lock.unlock();
    }
  }

  private void forget(Digest digest) {
    lock.lock();
    try {
      Long size = kept.remove(digest);
      keptBytes -= size == null ? 0 : size;
    } finally {
      lock.unlock();
    }
  }

  /** False: there is none for so many bytes, whatever goes. */
  private boolean makeRoom(long bytes) throws IOException {
    long room = mostBytes - bytes - besideBytes();
    lock.lock();
    try {
      for (Iterator<Map.Entry<Digest, Long>> all = kept.entrySet().iterator(); keptBytes > room && all.hasNext();) {
        Map.Entry<Digest, Long> oldest = all.next();
        Files.deleteIfExists(path(oldest.getKey()));
        keptBytes -= oldest.getValue();
        all.remove();
        LOG.debug("{} goes from {}", oldest.getKey(), directory);
      }
      return room >= 0;
    } finally {
      lock.unlock();
    }
  }

  /** The file that is about to be kept lies there, too. */
  private long besideBytes() throws IOException {
    long bytes = 0;
    for (Path each : beside) {
      bytes += Files.isDirectory(each) ? bytesIn(each) : 0;
    }
    return bytes;
  }

  private static long bytesIn(Path directory) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        bytes += bytesOf(file);
      }
    }
    return bytes;
  }

  /** None, if it has just ended. */
  private static long bytesOf(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private Path path(Digest digest) {
    return directory.resolve(digest.algorithm() + "-" + digest.hex());
  }
}
