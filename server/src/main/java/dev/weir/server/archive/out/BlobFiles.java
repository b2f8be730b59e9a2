package dev.weir.server.archive.out;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.weir.storage.Digest;

/** Writes blobs into files of their own, each whole or not at all. For one thread, once. */
final class BlobFiles {
  private final Checked source;
  private final Progress progress;
  private final Map<String, Missing> damaged = new LinkedHashMap<>();
  private long written;

  BlobFiles(Held held, Progress progress) {
    this.source = new Checked(held, progress);
    this.progress = progress;
  }

  /** Whether something lies there that may be the blob: of its size, and not read. */
  static boolean isThere(Path file, Cargo.Piece piece) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) == piece.size();
  }

  /** Whether it is the blob, byte for byte. */
  static boolean isWhole(Path file, Cargo.Piece piece) throws IOException {
    return isThere(file, piece) && digest(file, piece.digest().algorithm()).equals(piece.digest());
  }

  /** Of what lies there. */
  static Digest digest(Path file, Digest.Algorithm algorithm) throws IOException {
    MessageDigest hash = algorithm.newHash();
    byte[] buffer = new byte[1 << 18];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hash.update(buffer, 0, read);
      }
    }
    return Digest.of(algorithm, hash);
  }

  boolean isDamaged(Digest digest) {
    return damaged.containsKey(digest.toString());
  }

  /**
   * Writes one, unless it is there.
   *
   * @return whether it is there now; what is damaged is not
   */
  boolean write(Cargo.Piece piece, Path file) throws IOException {
    progress.at(String.valueOf(file.getFileName()));
    if (isWhole(file, piece)) {
      progress.written(piece.size());
      return true;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    try {
      Durable.write(file, out -> source.into(piece, out));
      written += piece.size();
      return true;
    } catch (Checked.Halted e) {
      damaged.put(piece.digest().toString(), new Missing(piece.image(), String.valueOf(e.getMessage())));
      return false;
    } catch (IOException e) {
      throw new IOException("write " + file + ": " + e.getMessage()
          + "; what was finished stays, and the same command goes on behind it", e);
    }
  }

  long written() {
    return written;
  }

  List<Missing> damaged() {
    return List.copyOf(damaged.values());
  }
}
