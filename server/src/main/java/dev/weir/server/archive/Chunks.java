package dev.weir.server.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body in chunks (RFC 9112 §7.1). */
final class Chunks extends InputStream {
  private static final int LONGEST_LINE = 1024;

  private final InputStream in;
  private long left;
  private boolean isFirst = true;
  private boolean isOver;

  Chunks(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (left == 0 && !isOver) {
      begin();
    }
    if (isOver) {
      return -1;
    }
    int read = in.read(into, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new EOFException("the answer breaks off");
    }
    left -= read;
    return read;
  }

  private void begin() throws IOException {
    if (!isFirst) {
      line();
    }
    isFirst = false;
    String size = line();
    int parameters = size.indexOf(';');
    try {
      left = Long.parseLong((parameters < 0 ? size : size.substring(0, parameters)).strip(), 16);
    } catch (NumberFormatException e) {
      throw new IOException("it speaks no HTTP: a chunk of the size " + size, e);
    }
    if (left == 0) {
      isOver = true;
      while (!line().isEmpty()) {
        // trailers
      }
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() == LONGEST_LINE) {
        throw new EOFException("the answer breaks off");
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }
}
