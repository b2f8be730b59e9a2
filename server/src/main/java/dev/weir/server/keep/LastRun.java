package dev.weir.server.keep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Knows whether the last process on this data came to its end in order: a small file is there while one runs. How old it
 * is says when that process was last seen alive.
 */
public final class LastRun implements AutoCloseable {
  /** What was written so long before the end may not have been on the disk yet. */
  private static final Duration UNCERTAIN = Duration.ofMinutes(10);

  private final Path file;
  private final InstantSource clock;
  private final Optional<Instant> uncertainFrom;

  /** To be made under the lock on the data. */
  public LastRun(Path file, InstantSource clock) throws IOException {
    this.file = file;
    this.clock = clock;
    this.uncertainFrom = Files.exists(file)
        ? Optional.of(Files.getLastModifiedTime(file).toInstant().minus(UNCERTAIN))
        : Optional.empty();
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
  }

  /** From when on what was written is to be read again; empty: the last process ended in order, or there was none. */
  public Optional<Instant> uncertainFrom() {
    return uncertainFrom;
  }

  /** Now and then. */
  public void alive() throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
