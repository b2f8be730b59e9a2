package dev.weir.server.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * A connection on which one request follows another, perhaps through a proxy, perhaps encrypted. For one thread at a time,
 * except {@link #close}, which any may call: it wakes whoever waits in here.
 */
final class Line implements AutoCloseable {
  private final Origin to;
  private final Buffers buffers;
  private final Consumer<Line> closed;
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final ByteChannel bytes;
  /** Something came since the last request was sent. */
  private boolean hasHeard;
  /** What has come and is not read. Absent while nobody asks for anything. */
  private @Nullable ByteBuffer in;

  /**
   * One that stands.
   *
   * @param to whom it leads to
   * @param closed told once
   */
  Line(Origin to, ByteChannel bytes, Buffers buffers, Consumer<Line> closed) {
    this.to = to;
    this.bytes = bytes;
    this.buffers = buffers;
    this.closed = closed;
  }

  Origin to() {
    return to;
  }

  /** What has come and is not read, to be read. */
  ByteBuffer in() {
    ByteBuffer known = in;
    if (known == null) {
      known = buffers.take().flip();
      in = known;
    }
    return known;
  }

  /**
   * Sends a request and waits for the head of its answer.
   *
   * @throws Silence if the connection ended before the first byte of an answer
   */
  Head ask(ByteBuffer request) throws IOException {
    hasHeard = false;
    try {
      while (request.hasRemaining()) {
        bytes.write(request);
      }
      return awaitHead();
    } catch (IOException e) {
      throw hasHeard || e instanceof SSLException ? e : new Silence(e);
    }
  }

  private Head awaitHead() throws IOException {
    while (true) {
      Optional<Head> head = Head.take(in());
      if (head.isPresent() && !head.get().isInterim()) {
        return head.get();
      }
      if (head.isEmpty() && !fill()) {
        throw new EOFException(hasHeard ? "closed in the middle of an answer's head" : "closed");
      }
    }
  }

  /** Nothing of an answer came. */
  static final class Silence extends IOException {
    private Silence(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Waits for more, which ends what was given of {@link #in} before. False: no more will come. */
  boolean fill() throws IOException {
    ByteBuffer buffer = in().compact();
    try {
      boolean came = bytes.read(buffer) > 0;
      hasHeard |= came;
      return came;
    } finally {
      buffer.flip();
    }
  }

  /** All of an answer was read. True: another request may follow; its memory is given back until then. */
  boolean rest() {
    ByteBuffer buffer = in;
    if (buffer == null || buffer.hasRemaining() || isClosed.get()) {
      return false;
    }
    in = null;
    buffers.giveBack(buffer);
    return true;
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      try {
        bytes.close();
      } catch (IOException e) {
        // it is of no more use in any case
      }
      closed.accept(this);
    }
  }
}
