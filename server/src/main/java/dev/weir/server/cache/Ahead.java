package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * What of a growing file further streams write ahead of its beginning, and the memory of it over a restart. Thread-safe.
 *
 * <p>Nothing is written ahead before the ledger is there, since without one all that the file holds counts as its
 * beginning.
 */
final class Ahead {
  /** So much may come twice after a kill, over all streams together. */
  private static final long UNNOTED_BYTES = 512 * 1024;

  private final FileChannel channel;
  private final Stretches stretches = new Stretches();
  private final Object lock = new Object();
  @GuardedBy("lock") private final Ledger ledger;
  @GuardedBy("lock") private long unnoted;

  Ahead(Path partial, FileChannel channel) {
    this.ledger = new Ledger(partial);
    this.channel = channel;
  }

  /** How much of the file is its beginning, in bytes; what is held behind a gap is remembered. */
  long recover() throws IOException {
    synchronized (lock) {
      List<Span> spans = ledger.isThere() ? ledger.read() : List.of(new Span(0, channel.size()));
      if (spans.isEmpty() || spans.getFirst().from() > 0) {
        spans = List.of(new Span(0, 0));
      }
      long end = channel.size();
      long beginning = Math.min(spans.getFirst().to(), end);
      stretches.start(beginning, spans.stream().skip(1).filter(span -> span.to() <= end).toList());
      return beginning;
    }
  }

  /** As {@link Stretches}. */
  Stretches stretches() {
    return stretches;
  }

  /** As {@link Stretches#take}. */
  Optional<Stretch> take(long size, long block) throws IOException {
    Optional<Stretch> taken = stretches.take(size, block);
    synchronized (lock) {
      if (taken.isPresent() && !ledger.isThere()) {
        note();
      }
    }
    return taken;
  }

  /** All of it, or what the disk takes. */
  void write(Stretch stretch, ByteBuffer bytes) throws SpoolFailure {
    try {
      while (bytes.hasRemaining()) {
        int count = channel.write(bytes, stretch.at());
        stretches.wrote(stretch, count);
        wrote(count);
      }
    } catch (IOException e) {
      throw new SpoolFailure(e);
    }
  }

  /** So many bytes more are written, anywhere. */
  void wrote(long bytes) throws IOException {
    synchronized (lock) {
      unnoted += bytes;
      if (ledger.isThere() && (unnoted >= UNNOTED_BYTES || stretches.isEmpty())) {
        note();
      }
    }
  }

  /** What is written now is what the next download goes on from. */
  void settle() throws IOException {
    synchronized (lock) {
      if (ledger.isThere()) {
        note();
      }
    }
  }

  @GuardedBy("lock")
  private void note() throws IOException {
    unnoted = 0;
    if (stretches.isEmpty()) {
      ledger.delete();
    } else {
      ledger.write(stretches.written());
    }
  }

  /** Nothing of the file is of use, or it is gone. */
  void forget() throws IOException {
    synchronized (lock) {
      stretches.start(0, List.of());
      ledger.delete();
    }
  }
}
