package dev.weir.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * What a small file says, taken up anew when the file changes: as a whole, or not at all. A file that is gone, cannot be
 * read or makes no sense leaves in force what was read before, and is complained of once.
 *
 * <p>A file is read when it has been left alone for a moment, so that nobody reads what somebody is still writing; one
 * that is not left alone is read after a second all the same. Under requests a change is in force well within two
 * seconds.
 *
 * <p>Thread-safe. Now and then one caller reads the file's attributes, and its content when they changed; nobody waits
 * for it.
 */
public final class FollowedFile<T> {
  private static final long PAUSE_MILLIS = Duration.ofMillis(200).toMillis();
  private static final long QUIET_MILLIS = Duration.ofMillis(400).toMillis();
  private static final long LONGEST_WAIT_MILLIS = Duration.ofSeconds(1).toMillis();
  private static final long LONGEST_BYTES = 4L << 20;

  private final String what;
  private final Path file;
  private final Reading<T> reading;
  private final InstantSource clock;
  private final Consumer<String> warn;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile T value;
  private volatile long lastLookMillis;
  /** Of the file that {@code value} came from. */
  @GuardedBy("looking") private Stamp stamp;
  /** Since when the file has been another than that; null while it is the same. */
  @GuardedBy("looking") private @Nullable Long changedMillis;
  @GuardedBy("looking") private String complaint = "";

  /** Makes sense of a file's bytes. */
  @FunctionalInterface
  public interface Reading<T> {
    /** @throws IllegalArgumentException if they make none; the message says why, without a secret */
    T read(byte[] content);
  }

  /** What tells one state of a file from another. */
  private record Stamp(FileTime modified, long sizeBytes, @Nullable Object fileKey) {}

  /**
   * Reads the file for the first time.
   *
   * @param what the file's part in a sentence, such as {@code password file}
   * @param warn takes sentences for the log
   * @throws IOException if there is no such file, or it cannot be read or makes no sense; the message says which
   */
  public FollowedFile(String what, Path file, Reading<T> reading, InstantSource clock, Consumer<String> warn)
      throws IOException {
    this.what = what;
    this.file = file;
    this.reading = reading;
    this.clock = clock;
    this.warn = warn;
    this.lastLookMillis = clock.millis();
    try {
      this.stamp = stamp();
      this.value = read();
    } catch (NoSuchFileException e) {
      throw new IOException(what + " " + file + " is not there", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(what + " " + file + " is of no use: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException(what + " " + file + (Files.isDirectory(file)
          ? " is a directory, where a file is wanted"
          : " cannot be read: " + e), e);
    }
  }

  /** What is in force. */
  public T current() {
    long now = clock.millis();
    if (Math.abs(now - lastLookMillis) >= PAUSE_MILLIS && looking.tryLock()) {
      try {
        lastLookMillis = now;
        look(now);
      } finally {
        looking.unlock();
      }
    }
    return value;
  }

  @GuardedBy("looking")
  private void look(long now) {
    try {
      Stamp found = stamp();
      if (found.equals(stamp)) {
        changedMillis = null;
        complaint = "";
      } else if (isReady(found, now)) {
        take(found);
      }
    } catch (NoSuchFileException e) {
      complain("is not there");
    } catch (IOException e) {
      complain("cannot be read: " + e);
    } catch (IllegalArgumentException e) {
      complain("was not taken up: " + e.getMessage());
    }
  }

  @GuardedBy("looking")
  private boolean isReady(Stamp found, long now) {
    long since = changedMillis == null ? now : changedMillis;
    changedMillis = since;
    return Math.abs(now - found.modified().toMillis()) >= QUIET_MILLIS || now - since >= LONGEST_WAIT_MILLIS;
  }

  @GuardedBy("looking")
  private void take(Stamp found) throws IOException {
    T read = read();
    if (found.equals(stamp())) {
      value = read;
      stamp = found;
      changedMillis = null;
      complaint = "";
    }
  }

  private T read() throws IOException {
    if (Files.size(file) > LONGEST_BYTES) {
      throw new IllegalArgumentException("it is larger than " + LONGEST_BYTES + " bytes");
    }
    return reading.read(Files.readAllBytes(file));
  }

  private Stamp stamp() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
  }

  @GuardedBy("looking")
  private void complain(String sentence) {
    if (!sentence.equals(complaint)) {
      warn.accept(what + " " + file + " " + sentence + "; what was read before stays in force");
    }
    complaint = sentence;
  }
}
