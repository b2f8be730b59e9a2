package dev.weir.server.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.SplittableRandom;

import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;

/** A layer made from nothing: an uncompressed POSIX ustar archive of one file of random bytes. */
record DemoLayer(Path file, Descriptor descriptor) {
  private static final String MEDIA_TYPE = "application/vnd.oci.image.layer.v1.tar";
  private static final int BLOCK_BYTES = 512;
  private static final int BUFFER_BYTES = 1 << 20;
  /** Where the header's checksum stands, and how long it is. */
  private static final int SUM_AT = 148;
  private static final int SUM_BYTES = 8;

  static DemoLayer write(Path file, long payloadBytes) throws IOException {
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    try (OutputStream out = new DigestOutputStream(
        new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES), hash)) {
      out.write(header(payloadBytes));
      writePayload(out, payloadBytes);
      int padding = (int) ((BLOCK_BYTES - payloadBytes % BLOCK_BYTES) % BLOCK_BYTES);
      out.write(new byte[padding + 2 * BLOCK_BYTES]);
    }
    Digest digest = Digest.of(Digest.Algorithm.SHA256, hash);
    return new DemoLayer(file, new Descriptor(MEDIA_TYPE, digest, Files.size(file)));
  }

  private static void writePayload(OutputStream out, long bytes) throws IOException {
    SplittableRandom random = new SplittableRandom(bytes);
    byte[] buffer = new byte[BUFFER_BYTES];
    for (long left = bytes; left > 0; left -= buffer.length) {
      random.nextBytes(buffer);
      out.write(buffer, 0, (int) Math.min(left, buffer.length));
    }
  }

  /** Of a regular file that root owns and everybody may read. */
  private static byte[] header(long size) {
    byte[] header = new byte[BLOCK_BYTES];
    put(header, 0, "payload");
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, 124, "%011o\0".formatted(size) + "%011o\0".formatted(0));
    put(header, SUM_AT, " ".repeat(SUM_BYTES) + "0");
    put(header, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, SUM_AT, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
