package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** What lies there under a blob's name with its size was written by one like this. */
  static boolean isWhole(Path file, Cargo.Piece piece) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) == piece.size();
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
