package dev.weir.server.archive.in;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What comes out of a compressed stream; one that unpacks beyond all measure fails. Layers are compressed already, mostly. */
final class Unpacked extends FilterInputStream {
  private static final long ALWAYS = 1L << 30;
  private static final int TIMES = 200;

  private final Counted packed;
  private long count;

  Unpacked(InputStream in, Counted packed) {
    super(in);
    this.packed = packed;
  }

  @Override
  public int read() throws IOException {
    int read = in.read();
    counted(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    counted(Math.max(0, read));
    return read;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void counted(int more) throws Damaged {
    count += more;
    if (count > ALWAYS && count / TIMES > packed.count()) {
      throw new Damaged("it unpacks to more than " + TIMES + " times its size");
    }
  }
}
