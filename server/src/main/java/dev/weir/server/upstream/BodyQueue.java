package dev.weir.server.upstream;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, handed from the client's threads to one reader that waits. At most {@link #WINDOW} pieces lie in
 * between; for more the sender has to wait. No byte is copied.
 */
final class BodyQueue implements HttpResponse.BodySubscriber<BodyQueue> {
  /** Pieces of at most 16 KiB each over plain connections and TLS alike. */
  private static final int WINDOW = 16;
  /** However steadily a small body trickles. */
  private static final Duration LONGEST_SMALL_BODY = Duration.ofMinutes(2);
  /** As much of a useless body is read as a new connection would cost. */
  private static final int SHORT = 64 * 1024;

  private final String action;
  private final Duration idle;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  @GuardedBy("lock") private final ArrayDeque<List<ByteBuffer>> arrived = new ArrayDeque<>();
  @GuardedBy("lock") private Flow.@Nullable Subscription subscription;
  @GuardedBy("lock") private boolean ended;
  @GuardedBy("lock") private boolean closed;
  @GuardedBy("lock") private @Nullable Throwable failure;
  /** Of the piece that is being read. Only the reader's. */
  private final ArrayDeque<ByteBuffer> piece = new ArrayDeque<>();
  /** Only the reader's. */
  private long received;

  BodyQueue(String action, Duration idle) {
    this.action = action;
    this.idle = idle;
  }

  @Override
  public CompletionStage<BodyQueue> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  /** The next bytes; empty after the last. */
  Optional<ByteBuffer> next() throws UpstreamException {
    while (piece.isEmpty()) {
      List<ByteBuffer> buffers = take();
      if (buffers.isEmpty()) {
        return Optional.empty();
      }
      buffers.stream().filter(ByteBuffer::hasRemaining).forEach(piece::add);
    }
    ByteBuffer buffer = piece.removeFirst();
    received += buffer.remaining();
    return Optional.of(buffer);
  }

  /** The whole of a small body. */
  byte[] readAll(int limit) throws UpstreamException {
    byte[] start = readUpTo(limit);
    if (start.length > limit) {
      throw UpstreamException.failed(action, "the answer is larger than " + limit + " bytes");
    }
    return start;
  }

  /** Stops soon after {@code enough} bytes. */
  byte[] readUpTo(int enough) throws UpstreamException {
    long deadline = System.nanoTime() + LONGEST_SMALL_BODY.toNanos();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    Optional<ByteBuffer> next = next();
    while (next.isPresent()) {
      byte[] bytes = new byte[next.get().remaining()];
      next.get().get(bytes);
      whole.writeBytes(bytes);
      if (System.nanoTime() - deadline > 0) {
        throw new UpstreamException(UpstreamException.Kind.TIMED_OUT, action,
            "not complete after " + LONGEST_SMALL_BODY.toSeconds() + " s");
      }
      next = whole.size() > enough ? Optional.empty() : next();
    }
    return whole.toByteArray();
  }

  /** Reads past a body that nobody wants, unless it is long. */
  void skipShort() throws UpstreamException {
    readUpTo(SHORT);
  }

  /** Cuts the transfer, unless it is over. Any thread may. */
  void close() {
    Flow.Subscription running;
    lock.lock();
    try {
      closed = true;
      arrived.clear();
      running = ended ? null : subscription;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.cancel();
    }
  }

  /** Empty: it is over. */
  private List<ByteBuffer> take() throws UpstreamException {
    Flow.Subscription sender;
    List<ByteBuffer> buffers;
    lock.lock();
    try {
      awaitSomething();
      if (closed) {
        throw UpstreamException.failed(action, "given up after " + received + " bytes");
      }
      buffers = arrived.pollFirst();
      if (buffers == null) {
        endedWell();
        return List.of();
      }
      sender = ended ? null : subscription;
    } finally {
      lock.unlock();
    }
    if (sender != null) {
      sender.request(1);
    }
    return buffers;
  }

  @GuardedBy("lock")
  private void awaitSomething() throws UpstreamException {
    long left = idle.toNanos();
    while (arrived.isEmpty() && !ended && !closed) {
      if (left <= 0) {
        throw new UpstreamException(UpstreamException.Kind.TIMED_OUT, action,
            "no byte came for " + Wire.shown(idle) + " after " + received + " bytes");
      }
      left = awaitNanos(left);
    }
  }

  @GuardedBy("lock")
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
  private long awaitNanos(long nanos) throws UpstreamException {
    try {
      return changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamException(UpstreamException.Kind.FAILED, action, "interrupted", e);
    }
  }

  @GuardedBy("lock")
  private void endedWell() throws UpstreamException {
    if (failure != null) {
      throw new UpstreamException(UpstreamException.Kind.FAILED, action,
          "the connection broke after " + received + " bytes", failure);
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    boolean tooLate;
    lock.lock();
    try {
      subscription = given;
      tooLate = closed;
    } finally {
      lock.unlock();
    }
    if (tooLate) {
      given.cancel();
    } else {
      given.request(WINDOW);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    lock.lock();
    try {
      if (!closed && !buffers.isEmpty()) {
        arrived.add(buffers);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onError(Throwable cause) {
    end(cause);
  }

  @Override
  public void onComplete() {
    end(null);
  }

  private void end(@Nullable Throwable cause) {
    lock.lock();
    try {
      ended = true;
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
