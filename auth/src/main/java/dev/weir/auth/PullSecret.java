package dev.weir.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The credentials in a docker {@code config.json}, taken up anew when the file changes. A file that cannot be read
 * leaves what was read before in force and is reported once; one that is not there yet gives no credentials until it is.
 *
 * <p>Thread-safe without locks. At most once a second, one caller reads the file's attributes, and its few kilobytes
 * when they changed; all others go on with what is in memory.
 */
public final class PullSecret {
  private static final long PAUSE_MILLIS = Duration.ofSeconds(1).toMillis();
  /** A file changed so recently may change again without its attributes showing it. */
  private static final long UNSETTLED_MILLIS = Duration.ofSeconds(2).toMillis();
  private static final long LONGEST_BYTES = 4L << 20;

  private final Path file;
  private final InstantSource clock;
  private final Consumer<String> warn;
  private final AtomicLong lastLookMillis;
  private final AtomicReference<State> state = new AtomicReference<>(new State(Entries.NONE, null, ""));

  /**
   * @param entries   in force
   * @param stamp     of the file they came from; null where the file is to be read again whatever its stamp
   * @param complaint the last warning, empty if the file was good
   */
  private record State(Entries entries, @Nullable Stamp stamp, String complaint) {}

  /** What tells one state of a file from another. */
  private record Stamp(long modifiedMillis, long sizeBytes, @Nullable Object fileKey) {}

  /** @param warn takes sentences for the log; none holds a secret */
  public PullSecret(Path file, InstantSource clock, Consumer<String> warn) {
    this.file = file;
    this.clock = clock;
    this.warn = warn;
    this.lastLookMillis = new AtomicLong(clock.millis());
    look();
  }

  /**
   * The entry whose key is the longest part of {@code registry/repository}.
   *
   * @param registry host, with its port where one is written
   */
  public Optional<Credentials> credentials(String registry, String repository) {
    long now = clock.millis();
    long last = lastLookMillis.get();
    boolean due = now < last || now - last >= PAUSE_MILLIS;
    if (due && lastLookMillis.compareAndSet(last, now)) {
      look();
    }
    return state.get().entries().find(registry, repository);
  }

  /** What there are credentials for, as {@code host[:port][/path]}; as of the last look. */
  public SortedSet<String> registries() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(state.get().entries().byKey().keySet()));
  }

  private void look() {
    State before = state.get();
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Stamp stamp = new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
      if (!stamp.equals(before.stamp())) {
        read(before, stamp);
      }
    } catch (NoSuchFileException e) {
      complain(before, "pull secret " + file + " is not there");
    } catch (IOException e) {
      complain(before, "pull secret " + file + " cannot be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      complain(before, "pull secret " + file + " was not taken up: " + e.getMessage());
    }
  }

  private void read(State before, Stamp stamp) throws IOException {
    if (stamp.sizeBytes() > LONGEST_BYTES) {
      throw new IllegalArgumentException("it is larger than " + LONGEST_BYTES + " bytes");
    }
    Entries entries = Entries.parse(Files.readAllBytes(file));
    String complaint = entries.complaints().isEmpty()
        ? ""
        : "pull secret " + file + ": " + String.join("; ", entries.complaints());
    boolean settled = clock.millis() - stamp.modifiedMillis() >= UNSETTLED_MILLIS;
    if (!complaint.isEmpty() && !complaint.equals(before.complaint())) {
      warn.accept(complaint);
    }
    state.set(new State(entries, settled ? stamp : null, complaint));
  }

  private void complain(State before, String complaint) {
    String inForce = before.entries().isEmpty()
        ? "; no credentials until it is right"
        : "; what was read before stays in force";
    if (!complaint.equals(before.complaint())) {
      warn.accept(complaint + inForce);
    }
    state.set(new State(before.entries(), null, complaint));
  }
}
