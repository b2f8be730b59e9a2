package dev.weir.server.realclient;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;

/** A layer: a gzipped ustar archive of one file of random bytes, the same for the same seed. */
record LayerTar(TestBlob blob, Digest diffId) {
  private static final int BLOCK = 512;

  static LayerTar write(Path directory, String mediaType, long seed, long fileSize) throws IOException {
    Path file = directory.resolve("layer-" + seed);
    var tarHash = Digest.Algorithm.SHA256.newHash();
    var gzipHash = Digest.Algorithm.SHA256.newHash();
    try (var raw = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), gzipHash);
        var tar = new DigestOutputStream(new StoringGzip(raw), tarHash)) {
      writeTar(tar, "payload-" + seed, seed, fileSize);
    }
    Digest digest = Digest.of(Digest.Algorithm.SHA256, gzipHash);
    var blob = new TestBlob(new Descriptor(mediaType, digest, Files.size(file)), file);
    return new LayerTar(blob, Digest.of(Digest.Algorithm.SHA256, tarHash));
  }

  private static void writeTar(OutputStream tar, String name, long seed, long size) throws IOException {
    tar.write(header(name, size));
    var random = new SplittableRandom(seed);
    byte[] buffer = new byte[1 << 16];
    for (long left = size; left > 0; left -= buffer.length) {
      random.nextBytes(buffer);
      tar.write(buffer, 0, (int) Math.min(left, buffer.length));
    }
    int padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
    tar.write(new byte[padding + 2 * BLOCK]);
  }

  /** POSIX ustar header of a regular file that root owns. */
  private static byte[] header(String name, long size) {
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

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }

  /** Random bytes do not shrink: not trying makes a large layer in a second. */
  private static final class StoringGzip extends GZIPOutputStream {
    StoringGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.NO_COMPRESSION);
    }
  }
}
