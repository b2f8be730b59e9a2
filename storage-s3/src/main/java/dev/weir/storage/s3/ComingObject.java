package dev.weir.storage.s3;

import java.io.InputStream;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;

/**
 * An object of which one stretch is on its way here: whoever reads that first has it without asking again. Anything else is
 * asked for when it is read, and what breaks from where it broke; if the object was replaced or deleted meanwhile, that fails.
 */
final class ComingObject implements FarObject {
  private final long size;
  private final long from;
  private final long to;
  private final ResumingInput.Asking rest;
  /** Null: somebody reads it, or something else. */
  private @Nullable ResponseInputStream<?> coming;

  /**
   * An object that was asked for from {@code from} to {@code to}.
   *
   * @param coming the answer, which is taken over
   * @param rest asks for other bytes
   */
  ComingObject(long size, ResponseInputStream<?> coming, long from, long to, ResumingInput.Asking rest) {
    this.size = size;
    this.coming = coming;
    this.from = from;
    this.to = to;
    this.rest = rest;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public InputStream read(long first, long end) {
    ResponseInputStream<?> answer = coming;
    coming = null;
    if (answer != null && first == from && end == to) {
      return new ResumingInput(rest, first, end, answer);
    }
    if (answer != null) {
      answer.abort(); // before the next is asked for: it would hold its connection as long as somebody reads that
    }
    return new ResumingInput(rest, first, end);
  }

  /** Streams that were given out are closed by whoever has them. */
  @Override
  public void close() {
    if (coming != null) {
      coming.abort();
      coming = null;
    }
  }
}
