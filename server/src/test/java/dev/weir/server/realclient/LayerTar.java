package dev.weir.server.realclient;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import dev.weir.server.ocreplay.Ustar;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;

/** A layer: a gzipped ustar archive of one file of random bytes, the same for the same seed. */
record LayerTar(TestBlob blob, Digest diffId) {
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
    tar.write(Ustar.header(name, size));
    var random = new SplittableRandom(seed);
    byte[] buffer = new byte[1 << 16];
    for (long left = size; left > 0; left -= buffer.length) {
      random.nextBytes(buffer);
      tar.write(buffer, 0, (int) Math.min(left, buffer.length));
    }
    tar.write(Ustar.padding(size));
    tar.write(Ustar.end());
  }

  /** Random bytes do not shrink: not trying makes a large layer in a second. */
  private static final class StoringGzip extends GZIPOutputStream {
    StoringGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.NO_COMPRESSION);
    }
  }
}
