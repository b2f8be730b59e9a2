package dev.weir.server.archive;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** So many bytes of a stream that goes on behind them; one that ends before fails. Its close leaves the stream open. */
public class Bounded extends FilterInputStream {
  private long left;

  public Bounded(InputStream in, long length) {
    super(in);
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    if (left == 0) {
      return -1;
    }
    int read = in.read();
    counted(read < 0 ? -1 : 1);
    return read;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (left == 0) {
      return length == 0 ? 0 : -1;
    }
    int read = in.read(into, offset, (int) Math.min(length, left));
    counted(read);
    return read;
  }

  private void counted(int read) throws IOException {
    if (read < 0) {
      throw new EOFException("it breaks off " + left + " bytes before its end");
    }
    left -= read;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = in.skip(Math.min(count, left));
    left -= skipped;
    return skipped;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(in.available(), left);
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() {
    // whoever opened what lies below closes it
  }
}
