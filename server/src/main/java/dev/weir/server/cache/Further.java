package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.budget.Budget;
import dev.weir.server.oci.RegistryException;

/** One further stream: fills one stretch after the other, and ends with the first trouble. */
final class Further {
  private static final Logger LOG = LoggerFactory.getLogger(Further.class);

  private final Segments segments;
  private final Ahead ahead;
  private final Source source;
  private final Budget.Permit permit;
  @GuardedBy("this") private Source.@Nullable Bytes open;
  @GuardedBy("this") private boolean isStopped;
  /** In bytes. Its thread's alone. */
  private long came;

  /** @param permit closed by {@link #run} */
  Further(Segments segments, Ahead ahead, Source source, Budget.Permit permit) {
    this.segments = segments;
    this.ahead = ahead;
    this.source = source;
    this.permit = permit;
  }

  /** On its own thread. */
  void run(Stretch first) {
    try (permit) {
      Optional<Stretch> next = Optional.of(first);
      while (next.isPresent()) {
        fill(next.get());
        next = permit.isWanted() || isOver() ? Optional.empty() : segments.next();
      }
    } catch (RegistryException | Source.Busy | SpoolFailure e) {
      LOG.debug("{} gives no further stream: {}", source.name(), e.getMessage());
      segments.refused();
    } catch (IOException e) {
      LOG.debug("a further stream of {} broke after {} bytes: {}", source.name(), came, e.getMessage());
      segments.broke(came > 0);
    } finally {
      segments.ended(this);
    }
  }

  private void fill(Stretch stretch) throws IOException {
    try (Source.Bytes bytes = source.open(stretch.from(), stretch.to())) {
      opened(bytes);
      if (bytes.offset() != stretch.from()) {
        segments.takesNoRanges();
        throw new IOException("asked from byte " + stretch.from() + " on, and got them from " + bytes.offset());
      }
      segments.progress().learnSize(bytes.size().orElse(-1));
      boolean goesOn = true;
      Optional<ByteBuffer> next = bytes.next(); // the end too, so that the connection serves the next stretch
      while (next.isPresent() && goesOn) {
        goesOn = keep(stretch, next.get());
        next = goesOn ? bytes.next() : Optional.empty();
      }
    } finally {
      ahead.stretches().leave(stretch);
    }
  }

  /** Whether there is room for more, and nobody more urgent waits. */
  private boolean keep(Stretch stretch, ByteBuffer chunk) throws IOException {
    boolean waited = source.budget().spend(chunk.remaining(), segments.progress()::urgency);
    segments.events().fetched(source.name(), chunk.remaining());
    segments.received(chunk.remaining(), waited);
    int count = (int) Math.min(chunk.remaining(), stretch.to() - stretch.at());
    write(stretch, chunk.slice(chunk.position(), count));
    came += count;
    ahead.wrote(count);
    return count > 0 && !isOver();
  }

  private boolean isOver() {
    return permit.isOver(segments.progress().urgency());
  }

  private synchronized void opened(Source.Bytes bytes) throws IOException {
    throwIfStopped();
    open = bytes;
  }

  private synchronized void write(Stretch stretch, ByteBuffer bytes) throws IOException {
    throwIfStopped();
    ahead.write(stretch, bytes);
  }

  @GuardedBy("this")
  private void throwIfStopped() throws IOException {
    if (isStopped) {
      throw new IOException("the download is over");
    }
  }

  /** Nothing is written after that. Any thread may. */
  void stop() {
    Source.Bytes running;
    synchronized (this) {
      isStopped = true;
      running = open;
    }
    if (running != null) {
      running.close();
    }
  }
}
