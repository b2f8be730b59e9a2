package dev.weir.server.release;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails, rather than to end, once more came out of it than there can honestly be. */
public final class Metered extends FilterInputStream {
  private static final int PIECE = 1 << 16;

  private final long most;
  private final boolean isFile;
  private long count;
  /** Where {@link #count} may be for now. */
  private long until = Long.MAX_VALUE;
  private String beyond = "";

  /** @param most bytes, after which it fails */
  public Metered(InputStream in, long most) {
    this(in, most, false);
  }

  private Metered(InputStream in, long most, boolean isFile) {
    super(in);
    this.most = most;
    this.isFile = isFile;
  }

  /** Of one that can be skipped without being read. */
  public static Metered ofFile(InputStream in) {
    return new Metered(in, Long.MAX_VALUE, true);
  }

  /** What was read or skipped so far. */
  public long count() {
    return count;
  }

  /**
   * Lets only so much be read from now on, until {@link #expectAnything}.
   *
   * @param sentence of the failure if it is more
   */
  void expect(long bytes, String sentence) {
    until = count + bytes;
    beyond = sentence;
  }

  void expectAnything() {
    until = Long.MAX_VALUE;
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

  /** By reading, but of a file: what is skipped was unpacked, too. */
  @Override
  public long skip(long wanted) throws IOException {
    if (isFile) {
      long passed = in.skip(wanted);
      counted(passed);
      return passed;
    }
    byte[] piece = new byte[(int) Math.min(PIECE, Math.max(0, wanted))];
    long skipped = 0;
    while (skipped < wanted) {
      int read = read(piece, 0, (int) Math.min(piece.length, wanted - skipped));
      if (read < 0) {
        break;
      }
      skipped += read;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void counted(long more) throws IOException {
    count += more;
    if (count > until) {
      throw new IOException(beyond);
    }
    if (count > most) {
      throw new IOException("unpacks to more than " + most + " bytes");
    }
  }
}
