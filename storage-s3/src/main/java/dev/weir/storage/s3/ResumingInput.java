package dev.weir.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A stretch of an object, asked for when it is first read and again from where it broke. For one thread, except
 * {@link #close}, which any may call.
 */
final class ResumingInput extends InputStream {
  /** In a row, without a byte in between. */
  private static final int MOST_BREAKS = 3;

  /** Asks for the object's bytes from one offset up to another, excluded. */
  @FunctionalInterface
  interface Asking {
    ResponseInputStream<?> from(long from, long to) throws IOException;
  }

  private final Asking asking;
  private final long end;
  private long position;
  private int breaks;
  private volatile @Nullable ResponseInputStream<?> answer;
  private volatile boolean closed;

  ResumingInput(Asking asking, long from, long end) {
    this.asking = asking;
    this.position = from;
    this.end = end;
  }

  /** @param begun the answer that has these bytes; closed with this */
  ResumingInput(Asking asking, long from, long end, ResponseInputStream<?> begun) {
    this(asking, from, end);
    answer = begun;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0 || position == end) {
      return length == 0 ? 0 : -1;
    }
    while (true) {
      IOException broken;
      try {
        return readSome(into, offset, (int) Math.min(length, end - position));
      } catch (IOException e) {
        broken = e;
      } catch (SdkException e) {
        broken = new IOException(e.getMessage(), e);
      }
      drop();
      if (closed || ++breaks >= MOST_BREAKS) {
        throw broken;
      }
    }
  }

  private int readSome(byte[] into, int offset, int length) throws IOException {
    int count = answer().read(into, offset, length);
    if (count < 0) {
      throw new EOFException("the answer ended at " + position + " instead of " + end);
    }
    breaks = 0;
    position += count;
    return count;
  }

  private ResponseInputStream<?> answer() throws IOException {
    ResponseInputStream<?> open = answer;
    if (open == null) {
      open = asking.from(position, end);
      answer = open;
      if (closed) {
        drop();
        throw new IOException("closed while it was read");
      }
    }
    return open;
  }

  /** A connection that is not read to its end is of no more use. */
  private void drop() {
    ResponseInputStream<?> open = answer;
    answer = null;
    if (open != null) {
      open.abort();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    ResponseInputStream<?> open = answer;
    if (open != null && position == end) {
      answer = null;
      open.close();
    } else {
      drop();
    }
  }
}
