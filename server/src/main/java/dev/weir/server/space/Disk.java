package dev.weir.server.space;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system, or what a quota leaves of it. In bytes, as it says at this moment. */
public interface Disk {
  long total() throws IOException;

  /** What we may still write. */
  long usable() throws IOException;

  /** The one that a directory lies on; with a project quota on the directory, that is what it tells. */
  static Disk of(Path directory) throws IOException {
    FileStore store = Files.getFileStore(directory);
    return new Disk() {
      @Override
      public long total() throws IOException {
        return store.getTotalSpace();
      }

      @Override
      public long usable() throws IOException {
        return store.getUsableSpace();
      }
    };
  }
}
