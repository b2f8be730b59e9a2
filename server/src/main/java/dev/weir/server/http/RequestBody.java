package dev.weir.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that come with a request, pulled by its handler: the socket is read only when less than a bounded number of
 * bytes waits here. The event loop fills it, the request's thread empties it.
 */
public final class RequestBody {
  /** Below this many waiting bytes the socket is asked for more. It gives at most {@link HttpServer#READ_BYTES} at once. */
  private static final int LOW_WATER = 256 << 10;

  /** How much memory a body gets for having said that it will be long. */
  private static final int MOST_ON_CREDIT = 64 << 10;

  private final Channel channel;
  private final HttpLimits limits;
  private final OptionalLong length;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock") private final Queue<ByteBuf> waiting = new ArrayDeque<>();
  @GuardedBy("lock") private int waitingBytes;
  /** Bytes that came from the socket. */
  @GuardedBy("lock") private long arrived;
  @GuardedBy("lock") private boolean complete;
  @GuardedBy("lock") private boolean discarding;
  /** The socket is to be read, and has given nothing since. */
  @GuardedBy("lock") private boolean asked;
  @GuardedBy("lock") private @Nullable IOException failure;
  /** The client waits for a word before it sends. */
  @GuardedBy("lock") private boolean continueOwed;

  /** What the handler reads just now. Only its thread looks at this. */
  private @Nullable ByteBuf lent;

  RequestBody(Channel channel, HttpRequest request, HttpLimits limits) {
    this.channel = channel;
    this.limits = limits;
    this.length = declaredLength(request);
    this.complete = length.orElse(1) == 0;
    this.continueOwed = !complete && HttpUtil.is100ContinueExpected(request);
  }

  private static OptionalLong declaredLength(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return OptionalLong.of(0);
    }
    return HttpUtil.isTransferEncodingChunked(request)
        ? OptionalLong.empty()
        : OptionalLong.of(HttpUtil.getContentLength(request, 0L));
  }

  /** In bytes; empty if the client did not say. */
  public OptionalLong length() {
    return length;
  }

  /**
   * Waits for more of the body. The bytes are to be used up before the next call, which makes them invalid.
   *
   * @return empty at the end
   * @throws IOException if the rest will never come
   */
  public Optional<ByteBuffer> next() throws IOException {
    giveBack();
    sayContinue();
    ByteBuf piece = await();
    if (piece == null) {
      return Optional.empty();
    }
    lent = piece;
    return Optional.of(piece.nioBuffer());
  }

  /**
   * The whole body, where that is known to be small.
   *
   * @return empty if it has more than {@code limit} bytes
   */
  public Optional<byte[]> readAll(int limit) throws IOException {
    if (length.orElse(0) > limit) {
      return Optional.empty();
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream((int) Math.min(length.orElse(0), MOST_ON_CREDIT));
    var sink = Channels.newChannel(all);
    for (Optional<ByteBuffer> piece = next(); piece.isPresent(); piece = next()) {
      if (all.size() + piece.get().remaining() > limit) {
        return Optional.empty();
      }
      sink.write(piece.get());
    }
    return Optional.of(all.toByteArray());
  }

  /** Event loop: takes a piece over. */
  void offer(HttpContent piece) {
    ByteBuf bytes = piece.content();
    lock.lock();
    try {
      arrived += bytes.readableBytes();
      asked = false;
      if (piece.decoderResult().isFailure()) {
        failure = new BadRequest(400, "the request's body is not correctly chunked");
      } else if (piece instanceof LastHttpContent && failure == null) {
        complete = true;
      }
      if (discarding || !bytes.isReadable()) {
        bytes.release();
      } else {
        waiting.add(bytes);
        waitingBytes += bytes.readableBytes();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Event loop: no more pieces will come. */
  void fail(IOException reason) {
    lock.lock();
    try {
      if (!complete && failure == null) {
        failure = reason;
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Event loop: where this request ends cannot be known. */
  void spoil(IOException reason) {
    lock.lock();
    try {
      complete = false;
      continueOwed = false;
      failure = reason;
    } finally {
      lock.unlock();
    }
  }

  /** The handler has ended: nothing is kept from now on. On the handler's thread. */
  void discard() {
    giveBack();
    lock.lock();
    try {
      discarding = true;
      waiting.forEach(ByteBuf::release);
      waiting.clear();
      waitingBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether all of it has come from the socket. */
  boolean isComplete() {
    lock.lock();
    try {
      return complete;
    } finally {
      lock.unlock();
    }
  }

  /** Whether what is still to come is little enough, as far as known, to be thrown away for another request's sake. */
  boolean restMayBeDiscarded() {
    lock.lock();
    try {
      return complete || (!continueOwed && failure == null && length.orElse(0) - arrived <= limits.discardedBytes());
    } finally {
      lock.unlock();
    }
  }

  private void giveBack() {
    if (lent != null) {
      lent.release();
      lent = null;
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // should it fail, reading fails
  private void sayContinue() {
    lock.lock();
    try {
      if (!continueOwed) {
        return;
      }
      continueOwed = false;
    } finally {
      lock.unlock();
    }
    channel.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
  }

  private @Nullable ByteBuf await() throws IOException {
    lock.lock();
    try {
      long nanos = limits.bodyTimeout().toNanos();
      while (waiting.isEmpty()) {
        if (complete) {
          return null;
        }
        if (failure != null) {
          throw failure;
        }
        if (nanos <= 0) {
          throw new ClientGone("the client sent nothing of its body for " + limits.bodyTimeout(), null);
        }
        askForMore();
        nanos = awaitChange(nanos);
      }
      ByteBuf piece = waiting.remove();
      waitingBytes -= piece.readableBytes();
      if (!complete && waitingBytes < LOW_WATER) {
        askForMore();
      }
      return piece;
    } finally {
      lock.unlock();
    }
  }

  /** Once until something comes: it wakes the event loop. */
  @GuardedBy("lock")
  private void askForMore() {
    if (!asked) {
      asked = true;
      channel.read();
    }
  }

  /** Nobody interrupts a request's thread; should it happen, the wait goes on for its time. */
  @GuardedBy("lock")
  private long awaitChange(long nanos) {
    long deadline = System.nanoTime() + nanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          changed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
          return deadline - System.nanoTime();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
