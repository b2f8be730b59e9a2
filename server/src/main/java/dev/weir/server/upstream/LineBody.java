package dev.weir.server.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A body that its reader takes from the socket itself: nothing lies in between, and no other thread is woken for it. */
final class LineBody implements Body {
  private final String action;
  private final Line line;
  private final Lines lines;
  private final Framing framing;
  private final boolean keepsConnection;
  private final Duration idle;
  private final Watch watch;
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  /** In bytes. The reader's alone. */
  private long received;

  /** Whose the connection is. */
  private enum State {
    /** This body's. */
    OPEN,
    /** It rests, or has ended well. */
    ENDED,
    /** It was cut. */
    CLOSED
  }

  LineBody(String action, Line line, Lines lines, Head head, Duration idle) throws IOException {
    this.action = action;
    this.line = line;
    this.lines = lines;
    this.framing = Framing.of(head);
    this.keepsConnection = head.keepsConnection() && framing.leavesConnection();
    this.idle = idle;
    this.watch = new Watch(idle, line::close);
  }

  @Override
  public String action() {
    return action;
  }

  @Override
  public Optional<ByteBuffer> next() throws UpstreamException {
    try {
      while (!framing.isOver()) {
        Optional<ByteBuffer> bytes = framing.take(line.in());
        if (bytes.isPresent()) {
          received += bytes.get().remaining();
          return bytes;
        }
        if (!framing.isOver() && !fill()) {
          framing.connectionEnded();
        }
      }
      end();
      return Optional.empty();
    } catch (IOException e) {
      line.close();
      watch.over();
      throw broken(e);
    }
  }

  private boolean fill() throws IOException {
    watch.begin();
    try {
      return line.fill();
    } finally {
      watch.end();
    }
  }

  private void end() {
    if (state.compareAndSet(State.OPEN, State.ENDED)) {
      watch.over();
      if (line.rest() && keepsConnection) {
        lines.rest(line);
      } else {
        line.close();
      }
    }
  }

  private UpstreamException broken(IOException cause) {
    if (watch.hasCut()) {
      return new UpstreamException(UpstreamException.Kind.TIMED_OUT, action,
          "no byte came for " + Wire.shown(idle) + " after " + received + " bytes", cause);
    }
    String happened = state.get() == State.CLOSED
        ? "given up after " + received + " bytes"
        : cause instanceof ClosedByInterruptException
            ? "interrupted"
            : "the connection broke after " + received + " bytes";
    return new UpstreamException(UpstreamException.Kind.FAILED, action, happened, cause);
  }

  @Override
  public void close() {
    if (state.compareAndSet(State.OPEN, State.CLOSED)) {
      watch.over();
      line.close();
    }
  }
}
