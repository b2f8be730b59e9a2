package dev.weir.server.archive.in;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A source cannot be read on. The message is the end of a sentence about it. */
final class Damaged extends IOException {
  private static final long serialVersionUID = 1;

  Damaged(String reason) {
    super(reason);
  }

  Damaged(IOException cause) {
    super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
  }

  /** Calls every failure of a stream so. */
  static InputStream input(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        try {
          return in.read();
        } catch (IOException e) {
          throw new Damaged(e);
        }
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        try {
          return in.read(into, offset, length);
        } catch (IOException e) {
          throw new Damaged(e);
        }
      }
    };
  }
}
