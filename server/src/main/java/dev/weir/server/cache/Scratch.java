package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.Digest;
import dev.weir.storage.StoredObject;

/**
 * Blobs that were asked for lately, in a directory of bounded size; those go first that were not asked for the longest. What
 * else lies beside, on its way to the store or from it, counts too, but never goes: it is given room that these make. Thread-safe.
 *
 * <p>A file is forced, so that a medium that does not take it says so before anybody is given it; its name is not: what is
 * found at the start counts only if the machine was not restarted since.
 */
public final class Scratch implements Shelf, Space {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Path directory;
  private final List<Path> beside;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  /** Sizes, the longest unused first. */
  @GuardedBy("lock") private final LinkedHashMap<Digest, Long> kept = new LinkedHashMap<>(16, 0.75f, true);
  @GuardedBy("lock") private long keptBytes;
  /** What is still to come of downloads, in bytes. */
  @GuardedBy("lock") private final List<LongSupplier> promised = new ArrayList<>();

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
    scratch.makeRoom(0, scratch.besideBytes(Optional.empty()));
    return scratch;
  }

  /** A file with a digest for its name. */
  private record Found(Path path, Digest digest, long size, FileTime time) {
    /** The oldest first. */
    static List<Found> in(Path directory) throws IOException {
      List<Found> all = new ArrayList<>();
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Optional<Digest> digest = Digest.parsed(String.valueOf(file.getFileName()).replace('-', ':'));
          if (digest.isPresent()) {
            all.add(new Found(file, digest.get(), Files.size(file), Files.getLastModifiedTime(file)));
          }
        }
      }
      all.sort(Comparator.comparing(Found::time));
      return all;
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
      forgetUnlessKept(digest);
      return Optional.empty();
    }
  }

  @Override
  public void keep(Digest digest, Path verified) throws IOException {
    long size = Files.size(verified);
    if (!makeRoom(size, besideBytes(Optional.of(verified)))) {
      Files.delete(verified);
      return;
    }
    try (FileChannel file = FileChannel.open(verified, StandardOpenOption.WRITE)) {
      file.force(false);
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

  @Override
  public boolean drop(Digest digest) throws IOException {
    lock.lock();
    try {
      Long size = kept.remove(digest);
      keptBytes -= size == null ? 0 : size;
      return Files.deleteIfExists(path(digest));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Reserved reserve(Digest digest, long bytes, LongSupplier written) throws NoRoom {
    long missing = Math.max(0, bytes - written.getAsLong());
    LongSupplier coming = () -> Math.max(0, bytes - written.getAsLong());
    lock.lock();
    try {
      if (!hasRoom(missing)) {
        throw new NoRoom("there is no room for the " + bytes + " bytes of " + digest + ": " + situation(), bytes);
      }
      promised.add(coming);
    } finally {
      lock.unlock();
    }
    return left -> {
      lock.lock();
      try {
        promised.remove(coming);
      } finally {
        lock.unlock();
      }
    };
  }

  /** What was taken is seen as soon as it is written, so that it is not kept in mind. */
  @Override
  public void take(long bytes) throws NoRoom {
    if (!hasRoom(bytes)) {
      throw new NoRoom("there is no room for " + bytes + " bytes more: " + situation());
    }
  }

  @Override
  public void give(long bytes) {}

  private String situation() {
    return "what is on its way takes all of the " + mostBytes + " bytes of cache.scratch.maxsize in "
        + directory.getParent();
  }

  private boolean hasRoom(long bytes) throws NoRoom {
    try {
      return makeRoom(bytes, besideBytes(Optional.empty()));
    } catch (IOException e) {
      LOG.warn("cannot make room in {}: {}", directory, e.toString());
      return false;
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

  /** It may have been kept once more since its file was looked for. */
  private void forgetUnlessKept(Digest digest) {
    lock.lock();
    try {
      if (Files.exists(path(digest))) {
        return;
      }
      Long size = kept.remove(digest);
      keptBytes -= size == null ? 0 : size;
    } finally {
      lock.unlock();
    }
  }

  /** False: there is none for so many bytes, whatever goes; then nothing goes. */
  private boolean makeRoom(long bytes, long besideBytes) throws IOException {
    lock.lock();
    try {
      long room = mostBytes - bytes - besideBytes - promised.stream().mapToLong(LongSupplier::getAsLong).sum();
      if (room < 0) {
        return false;
      }
      for (Iterator<Map.Entry<Digest, Long>> all = kept.entrySet().iterator(); keptBytes > room && all.hasNext();) {
        Map.Entry<Digest, Long> oldest = all.next();
        Files.deleteIfExists(path(oldest.getKey()));
        keptBytes -= oldest.getValue();
        all.remove();
        LOG.debug("{} goes from {}", oldest.getKey(), directory);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** @param but that may lie there, too, and is counted already */
  private long besideBytes(Optional<Path> but) throws IOException {
    Set<Object> counted = new HashSet<>();
    if (but.isPresent()) {
      counted.add(key(but.get()));
    }
    long bytes = 0;
    for (Path each : beside) {
      bytes += Files.isDirectory(each) ? bytesIn(each, counted) : 0;
    }
    return bytes;
  }

  private static long bytesIn(Path directory, Set<Object> counted) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        bytes += bytesOf(file, counted);
      }
    }
    return bytes;
  }

  /** None, if it has just ended, or if it was counted under another name. */
  private static long bytesOf(Path file, Set<Object> counted) throws IOException {
    try {
      return counted.add(key(file)) ? Files.size(file) : 0;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** The same for all names of a file. */
  private static Object key(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file : key;
  }

  private Path path(Digest digest) {
    return directory.resolve(digest.algorithm() + "-" + digest.hex());
  }
}
