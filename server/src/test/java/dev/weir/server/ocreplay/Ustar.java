package dev.weir.server.ocreplay;

import java.nio.charset.StandardCharsets;

/** The framing of a tar archive. */
public final class Ustar {
  public static final int BLOCK = 512;

  private Ustar() {}

  /** POSIX ustar header of a regular file that root owns. */
  public static byte[] header(String name, long size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, 124, "%011o\0".formatted(size) + "%011o\0".formatted(1_700_000_000L));
    put(header, 148, "        " + "0");
    put(header, 257, "ustar\0" + "00" + "root");
    put(header, 297, "root");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  /** What follows a file of that size, up to the next block. */
  public static byte[] padding(long size) {
    return new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)];
  }

  /** What ends an archive. */
  public static byte[] end() {
    return new byte[2 * BLOCK];
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
