package dev.weir.server.imageset;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** One file of a layer: not to be closed, as its parser would, and of a length that somebody may have made up. */
final class CatalogFile extends FilterInputStream {
  private final long most;
  private final long longestLine;
  private final String path;
  private long count;
  private long line;

  CatalogFile(InputStream in, long most, long longestLine, String path) {
    super(in);
    this.most = most;
    this.longestLine = longestLine;
    this.path = path;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    counted(into, offset, read);
    return read;
  }

  private void counted(byte[] bytes, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      line = bytes[i] == '\n' ? 0 : line + 1;
      if (line > longestLine) {
        throw new IOException("the catalog's file " + path + " has a line of more than " + longestLine + " bytes");
      }
    }
    count += Math.max(0, length);
    if (count > most) {
      throw new IOException("the catalog's file " + path + " has more than " + most + " bytes");
    }
  }

  @Override
  public void close() {
    // the layer goes on behind this file
  }
}
