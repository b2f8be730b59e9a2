package dev.weir.server.upstream;

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
 * The body of an answer, handed from the client's threads to one reader that waits. At most twice {@link #WINDOW} pieces lie
 * in between; for more the sender has to wait. Small ones that wait together are handed on as one: each costs its reader a
 * write to a file, and everybody who reads that a wake-up.
 */
final class BodyQueue implements HttpResponse.BodySubscriber<BodyQueue>, Body {
  /** Pieces of a read of the socket each: 16 KiB over TLS, {@code jdk.httpclient.bufsize} otherwise. */
  private static final int WINDOW = 16;
  /** Most bytes that are handed on at a time, unless one piece is longer. */
  private static final int LONGEST = 256 * 1024;

  private final String action;
  private final Duration idle;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  /** What the sender may send more of is counted in these lists, not in their buffers. */
  @GuardedBy("lock") private final ArrayDeque<List<ByteBuffer>> arrived = new ArrayDeque<>();
  @GuardedBy("lock") private Flow.@Nullable Subscription subscription;
  @GuardedBy("lock") private boolean ended;
  @GuardedBy("lock") private boolean closed;
  @GuardedBy("lock") private @Nullable Throwable failure;
  /** What was taken and is not read yet. Only the reader's. */
  private final ArrayDeque<ByteBuffer> taken = new ArrayDeque<>();
  /** Where small pieces come together. Only the reader's; nothing as long as there was no need. */
  private byte[] together = {};
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

  @Override
  public String action() {
    return action;
  }

  @Override
  public Optional<ByteBuffer> next() throws UpstreamException {
    while (taken.isEmpty()) {
      if (!take()) {
        return Optional.empty();
      }
    }
    ByteBuffer bytes = taken.size() == 1 ? taken.removeFirst() : together();
    received += bytes.remaining();
    return Optional.of(bytes);
  }

  /** Of what was taken, as much as goes into one. */
  private ByteBuffer together() {
    if (together.length == 0) {
      together = new byte[LONGEST];
    }
    int length = 0;
    for (ByteBuffer next = taken.peek(); next != null && length < LONGEST; next = taken.peek()) {
      int count = Math.min(next.remaining(), LONGEST - length);
      next.get(together, length, count);
      length += count;
      if (!next.hasRemaining()) {
        taken.remove();
      }
    }
    return ByteBuffer.wrap(together, 0, length);
  }

  @Override
  public void close() {
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

  /** Takes all that has arrived, and waits for something if nothing has. False: it is over. */
  private boolean take() throws UpstreamException {
    Flow.Subscription sender;
    int count;
    lock.lock();
    try {
      awaitSomething();
      if (closed) {
        throw UpstreamException.failed(action, "given up after " + received + " bytes");
      }
      count = arrived.size();
      if (count == 0) {
        endedWell();
        return false;
      }
      arrived.stream().flatMap(List::stream).filter(ByteBuffer::hasRemaining).forEach(taken::add);
      arrived.clear();
      sender = ended ? null : subscription;
    } finally {
      lock.unlock();
    }
    if (sender != null) {
      sender.request(count);
    }
    return true;
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
