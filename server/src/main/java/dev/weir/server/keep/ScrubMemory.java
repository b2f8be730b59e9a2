package dev.weir.server.keep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.Digest;

/**
 * How far the scrub is: five lines in a small file, written now and then. What it says may be a little behind; one that
 * cannot be read is as good as none. Thread-safe.
 */
public final class ScrubMemory {
  private static final Logger LOG = LoggerFactory.getLogger(ScrubMemory.class);
  private static final Duration BETWEEN_SAVES = Duration.ofSeconds(30);
  private static final int LINES = 5;

  private final Path file;
  private final InstantSource clock;
  @GuardedBy("this") private State state;
  @GuardedBy("this") private Instant saved;

  /**
   * As the file has it.
   *
   * @param begun the pass under way, or the last
   * @param ended the last one that came to its end
   * @param last empty: no pass is under way
   */
  public record State(Instant begun, Instant ended, String last, long read, long damaged) {
    private static final State NEVER = new State(Instant.EPOCH, Instant.EPOCH, "", 0, 0);
  }

  public ScrubMemory(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
    this.state = read(file);
    this.saved = clock.instant();
  }

  private static State read(Path file) {
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      return lines.size() < LINES
          ? State.NEVER
          : new State(Instant.parse(lines.get(0)), Instant.parse(lines.get(1)), lines.get(2),
              Long.parseLong(lines.get(3)), Long.parseLong(lines.get(4)));
    } catch (IOException | DateTimeParseException | NumberFormatException e) {
      LOG.warn("scrub: begins anew, since {} cannot be read: {}", file, e.getMessage());
      return State.NEVER;
    }
  }

  public synchronized State state() {
    return state;
  }

  synchronized Instant begun() {
    return state.begun();
  }

  synchronized boolean isUnderWay() {
    return !state.last().isEmpty();
  }

  synchronized String last() {
    return state.last();
  }

  synchronized long read() {
    return state.read();
  }

  synchronized long damaged() {
    return state.damaged();
  }

  synchronized void begin(Instant now) {
    state = new State(now, state.ended(), "", 0, 0);
  }

  synchronized void saw(Digest digest, boolean damaged) {
    state = new State(state.begun(), state.ended(), digest.toString(), state.read() + 1,
        state.damaged() + (damaged ? 1 : 0));
    if (!clock.instant().isBefore(saved.plus(BETWEEN_SAVES))) {
      save();
    }
  }

  synchronized void end(Instant now) {
    state = new State(state.begun(), now, "", state.read(), state.damaged());
    save();
  }

  synchronized void save() {
    saved = clock.instant();
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(fresh, state.begun() + "\n" + state.ended() + "\n" + state.last() + "\n" + state.read() + "\n"
          + state.damaged() + "\n");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("scrub: cannot remember how far it is: {}", e.getMessage());
    }
  }
}
