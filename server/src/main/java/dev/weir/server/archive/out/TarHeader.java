package dev.weir.server.archive.out;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The headers of a tar archive (POSIX.1-2001, pax; ustar where that suffices), the same for the same name and size. Written here,
 * because where an archive is cut depends on how long they are, and because the libraries give every blob's name, longer than a
 * hundred bytes, two blocks more than ustar needs for it.
 */
final class TarHeader {
  static final int BLOCK = 512;
  /** Two blocks of zeros end an archive. */
  static final int END = 2 * BLOCK;
  private static final int NAME = 100;
  private static final int PREFIX = 155;
  private static final int PREFIX_AT = 345;
  private static final int SUM_AT = 148;
  private static final int SUM_LENGTH = 8;
  private static final long LARGEST = 1L << 33;
  private static final char FILE = '0';
  private static final char DIRECTORY = '5';
  private static final char PAX = 'x';

  private TarHeader() {}

  static byte[] file(String path, long size) {
    return of(path, size, FILE);
  }

  /** @param path without a slash at its end */
  static byte[] directory(String path) {
    return of(path + "/", 0, DIRECTORY);
  }

  /** So many bytes come behind {@code size} bytes of content. */
  static int padding(long size) {
    return (int) ((BLOCK - size % BLOCK) % BLOCK);
  }

  private static byte[] of(String path, long size, char type) {
    byte[] name = path.getBytes(UTF_8);
    int slash = cut(name);
    if (slash >= 0 && size < LARGEST) {
      return block(Arrays.copyOf(name, slash), Arrays.copyOfRange(name, slash == 0 ? 0 : slash + 1, name.length), size,
          type);
    }
    byte[] records = records(path, size);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(block(new byte[0], "PaxHeaders/weir".getBytes(US_ASCII), records.length, PAX));
    all.writeBytes(Arrays.copyOf(records, records.length + padding(records.length)));
    all.writeBytes(block(new byte[0], Arrays.copyOf(name, Math.min(NAME, name.length)),
        size < LARGEST ? size : 0, type));
    return all.toByteArray();
  }

  /** Where the name is divided at a slash, 0: nowhere; -1: it does not fit. */
  private static int cut(byte[] name) {
    if (name.length <= NAME) {
      return 0;
    }
    for (int i = Math.max(1, name.length - NAME - 1); i <= Math.min(PREFIX, name.length - 2); i++) {
      if (name[i] == '/') {
        return i;
      }
    }
    return -1;
  }

  private static byte[] block(byte[] prefix, byte[] name, long size, char type) {
    byte[] block = new byte[BLOCK];
    put(block, 0, name);
    put(block, NAME, (type == DIRECTORY ? "0000755\0" : "0000644\0").getBytes(US_ASCII));
    put(block, 108, "0000000\0".getBytes(US_ASCII)); // uid, gid and time say nothing, so that content alone decides
    put(block, 116, "0000000\0".getBytes(US_ASCII));
    put(block, 124, octal(size, 11));
    put(block, 136, octal(0, 11));
    Arrays.fill(block, SUM_AT, SUM_AT + SUM_LENGTH, (byte) ' ');
    block[156] = (byte) type;
    put(block, 257, "ustar\00000".getBytes(US_ASCII));
    put(block, PREFIX_AT, prefix);
    int sum = 0;
    for (byte each : block) {
      sum += each & 0xff;
    }
    put(block, SUM_AT, octal(sum, 6));
    block[SUM_AT + SUM_LENGTH - 1] = ' ';
    return block;
  }

  private static void put(byte[] block, int at, byte[] bytes) {
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  /** With a zero byte behind it. */
  private static byte[] octal(long number, int digits) {
    String text = Long.toOctalString(number);
    return ("0".repeat(digits - text.length()) + text + "\0").getBytes(US_ASCII);
  }

  private static byte[] records(String path, long size) {
    return (record("path", path) + (size < LARGEST ? "" : record("size", Long.toString(size)))).getBytes(UTF_8);
  }

  /** Begins with its own length, that number among it. */
  private static String record(String key, String value) {
    int rest = (" " + key + "=" + value + "\n").getBytes(UTF_8).length;
    int length = rest + Integer.toString(rest).length();
    if (Integer.toString(length).length() > Integer.toString(rest).length()) {
      length++;
    }
    return length + " " + key + "=" + value + "\n";
  }
}
