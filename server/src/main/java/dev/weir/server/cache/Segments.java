package dev.weir.server.cache;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.weir.server.budget.Budget;
import dev.weir.server.oci.Asker;
import dev.weir.storage.Digest;

/**
 * The further streams of one download, each on a thread of its own, beside the download's own stream. They only ever help:
 * what goes wrong with one is no failure of the download, whose own stream begins at the front whatever they do. Thread-safe.
 */
final class Segments {
  private static final long SHORTEST_BYTES = 512 * 1024;
  private static final long REST_NANOS = 1_000_000_000L;
  private static final long HELD_NANOS = 1_000_000_000L;
  /** So much at once lay in the socket before it was read: its sender is ahead of us, and more streams bring nothing sooner. */
  private static final int PLENTY_BYTES = 96 * 1024;
  private static final long LONGEST_BYTES = 8L << 20;
  /** So many stretches, if they may be that short, remain of what is missing. */
  private static final int STRETCHES = 16;

  private final Digest digest;
  private final Spool spool;
  private final Progress progress;
  private final DownloadEvents events;
  private final Set<Further> running = ConcurrentHashMap.newKeySet();
  private final AtomicLong received = new AtomicLong();
  /** By {@link System#nanoTime}. */
  private volatile long heldAt = System.nanoTime() - HELD_NANOS;
  @GuardedBy("this") private @Nullable Widening widening;
  @GuardedBy("this") private @Nullable Source source;
  /** Streams beside the further ones: the download's own, unless it follows a further one. */
  @GuardedBy("this") private int others = 1;
  @GuardedBy("this") private boolean isClosed;
  /** By {@link System#nanoTime}. */
  @GuardedBy("this") private long restUntil = System.nanoTime();

  Segments(Digest digest, Spool spool, Progress progress, DownloadEvents events) {
    this.digest = digest;
    this.spool = spool;
    this.progress = progress;
    this.events = events;
  }

  /** The download's own stream comes out of this source, which can give parts or cannot. */
  synchronized void begins(Source from, boolean takesRanges) {
    source = takesRanges ? from : null;
    others = 1;
    int most = from.budget().streams();
    widening = widening == null || !takesRanges ? new Widening(most, System.nanoTime()) : widening;
  }

  /** The download's own stream is over. */
  synchronized void follows() {
    others = 0;
  }

  /**
   * So many bytes came at once, in one of the streams.
   *
   * @param waited our own budget held them up: more streams would only bring later parts before earlier ones
   */
  void received(int bytes, boolean waited) {
    received.addAndGet(bytes);
    heldAt = waited || bytes >= PLENTY_BYTES ? System.nanoTime() : heldAt;
  }

  /** To be called now and then while bytes come. */
  synchronized void consider() throws IOException {
    Widening judge = widening;
    Source from = source;
    if (judge == null || from == null || isClosed || progress.size() < 0) {
      return;
    }
    if (System.nanoTime() - heldAt < HELD_NANOS) {
      judge.broke(System.nanoTime());
      return;
    }
    long missing = progress.size() - spool.ahead().stretches().bytes();
    int wanted = judge.streams(System.nanoTime(), received.get(), missing) - others;
    boolean goesOn = System.nanoTime() - restUntil >= 0;
    while (goesOn && running.size() < wanted) {
      goesOn = start(from);
    }
  }

  @GuardedBy("this")
  private boolean start(Source from) throws IOException {
    Optional<Budget.Permit> permit = from.budget().beginFurther();
    if (permit.isEmpty()) {
      return false;
    }
    Optional<Stretch> first = take();
    if (first.isEmpty()) {
      permit.get().close();
      return false;
    }
    Further further = new Further(this, spool.ahead(), from, permit.get());
    running.add(further);
    Thread.ofVirtual().name("segment of " + digest).start(Asker.current().bound(() -> further.run(first.get())));
    return true;
  }

  private Optional<Stretch> take() throws IOException {
    long size = progress.size();
    long missing = size - spool.ahead().stretches().bytes();
    long block = Math.clamp(missing / STRETCHES, SHORTEST_BYTES, LONGEST_BYTES);
    return spool.ahead().take(size, block);
  }

  /** More for one that has filled its stretch. Empty: it is one too many, or there is nothing more. */
  synchronized Optional<Stretch> next() throws IOException {
    boolean isTooMany = widening != null && running.size() + others > widening.streams();
    return isClosed || isTooMany ? Optional.empty() : take();
  }

  Progress progress() {
    return progress;
  }

  DownloadEvents events() {
    return events;
  }

  /** Upstream would not have one more. */
  synchronized void refused() {
    if (widening != null) {
      widening.refused(System.nanoTime());
    }
  }

  /**
   * One of the streams broke off.
   *
   * @param gave something before that: if not, none is tried for a moment
   */
  synchronized void broke(boolean gave) {
    restUntil = gave ? restUntil : System.nanoTime() + REST_NANOS;
    if (widening != null) {
      widening.broke(System.nanoTime());
    }
  }

  /** The source cannot give parts after all. */
  synchronized void takesNoRanges() {
    source = null;
  }

  void ended(Further further) {
    running.remove(further);
  }

  /** Nothing is written after that. */
  void stop() {
    synchronized (this) {
      isClosed = true;
    }
    running.forEach(Further::stop);
  }
}
