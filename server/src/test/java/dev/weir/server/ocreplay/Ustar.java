package dev.weir.server.ocreplay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Tar archives, whole or by the framing of their files. */
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

  /** A whole archive of small files, in the map's order. */
  public static byte[] archive(Map<String, byte[]> files) {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    files.forEach((name, content) -> {
      tar.writeBytes(header(name, content.length));
      tar.writeBytes(content);
      tar.writeBytes(padding(content.length));
    });
    tar.writeBytes(end());
    return tar.toByteArray();
  }

  /** As layers are sent. */
  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("write to memory", e);
    }
    return packed.toByteArray();
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
