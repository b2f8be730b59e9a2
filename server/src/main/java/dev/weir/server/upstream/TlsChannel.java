package dev.weir.server.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import io.netty.util.ReferenceCountUtil;

/** TLS over a channel that waits, on the client's side. For one thread at a time, except {@link #close}. */
final class TlsChannel implements ByteChannel {
  /** Several records at a time. */
  private static final int READ_BYTES = 128 * 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ByteChannel socket;
  private final SSLEngine engine;
  /** What came encrypted, to be read. */
  private final ByteBuffer in;
  private final ByteBuffer out;
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private boolean isEnded;

  /** @param engine of a client, which is its alone */
  TlsChannel(ByteChannel socket, SSLEngine engine) {
    this.socket = socket;
    this.engine = engine;
    in = ByteBuffer.allocateDirect(READ_BYTES).flip();
    out = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize());
  }

  /** Before anything else. */
  void shakeHands() throws IOException {
    try {
      engine.beginHandshake();
      ByteBuffer early = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
      while (isShakingHands(engine.getHandshakeStatus())) {
        if (step(early) == SSLEngineResult.Status.BUFFER_UNDERFLOW && !receive()) {
          throw new SSLException("closed in the middle of the handshake");
        }
      }
      if (early.position() > 0 || isEnded) {
        throw new SSLException("a handshake that does not end as it should");
      }
    } catch (SSLException e) {
      throw plain(e);
    }
  }

  private static boolean isShakingHands(HandshakeStatus status) {
    return status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
  }

  /** What the handshake wants next, if only to look at what has come. */
  private SSLEngineResult.Status step(ByteBuffer into) throws IOException {
    return switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
          task.run();
        }
        yield SSLEngineResult.Status.OK;
      }
      case NEED_WRAP -> {
        wrap(NOTHING);
        yield SSLEngineResult.Status.OK;
      }
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
        SSLEngineResult result = engine.unwrap(in, into);
        isEnded |= result.getStatus() == SSLEngineResult.Status.CLOSED;
        requireNoAlert(result);
        yield result.getStatus();
      }
    };
  }

  /** BoringSSL's engine keeps what is wrong with a record to itself until its alert is sent, and says so here alone. */
  private void requireNoAlert(SSLEngineResult result) throws IOException {
    boolean isStill = result.bytesConsumed() == 0 && result.bytesProduced() == 0;
    if (isStill && result.getStatus() == SSLEngineResult.Status.OK
        && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !isShakingHands(engine.getHandshakeStatus())) {
      wrap(NOTHING); // the alert
      wrap(NOTHING); // throws, as a rule
      throw new SSLException("a damaged record");
    }
  }

  private void wrap(ByteBuffer bytes) throws IOException {
    out.clear();
    SSLEngineResult result = engine.wrap(bytes, out);
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new ClosedChannelException(); // by the other side, perhaps long ago
    }
    if (result.getStatus() != SSLEngineResult.Status.OK) {
      throw new SSLException("nothing can be sent any more (" + result.getStatus() + ")");
    }
    out.flip();
    while (out.hasRemaining()) {
      socket.write(out);
    }
  }

  private boolean receive() throws IOException {
    in.compact();
    try {
      return socket.read(in) >= 0;
    } finally {
      in.flip();
    }
  }

  /** Waits for at least one byte; takes all that has come and that there is room for. */
  @Override
  public int read(ByteBuffer into) throws IOException {
    int before = into.position();
    while (!isEnded) {
      SSLEngineResult.Status status = step(into);
      boolean isEmpty = status == SSLEngineResult.Status.BUFFER_UNDERFLOW;
      boolean isFull = status == SSLEngineResult.Status.BUFFER_OVERFLOW;
      if ((isEmpty || isFull) && into.position() > before) {
        return into.position() - before;
      }
      if (isFull) {
        throw new IOException("no room for a record of TLS in " + into.remaining() + " bytes");
      }
      if (isEmpty && !receive()) {
        isEnded = true;
      }
    }
    return into.position() > before ? into.position() - before : -1;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    while (bytes.hasRemaining()) {
      wrap(bytes);
    }
    return count;
  }

  /** The reason alone, which the engines wrap differently. */
  private static SSLException plain(SSLException failure) {
    String reason = failure.getMessage();
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      reason = cause.getMessage();
    }
    SSLException plain = new SSLHandshakeException(reason);
    plain.initCause(failure);
    return plain;
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  /** Any thread may: the engine guards itself. */
  @Override
  public void close() throws IOException {
    if (isClosed.compareAndSet(false, true)) {
      socket.close();
      ReferenceCountUtil.release(engine);
    }
  }
}
