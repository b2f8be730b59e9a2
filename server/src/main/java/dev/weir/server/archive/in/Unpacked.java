package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;

/** What comes out of a compressed stream; one that unpacks beyond all measure fails. Layers are compressed already, mostly. */
final class Unpacked extends Counted {
  private static final long ALWAYS = 1L << 30;
  private static final int TIMES = 200;

  private final Counted packed;

  Unpacked(InputStream in, Counted packed) {
    super(in);
    this.packed = packed;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    requireMeasure();
    return read;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = super.read(into, offset, length);
    requireMeasure();
    return read;
  }

  private void requireMeasure() throws Damaged {
    if (count() > ALWAYS && count() / TIMES > packed.count()) {
      throw new Damaged("it unpacks to more than " + TIMES + " times its size");
    }
  }
}
