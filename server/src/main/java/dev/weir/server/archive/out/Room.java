package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks for room before anything is written, since a disk that fills up says so only hours later. */
final class Room {
  private Room() {}

  /** @throws IOException if there is less than {@code bytes}; the message says how much */
  static void require(Path folder, long bytes) throws IOException {
    long usable = Files.getFileStore(folder).getUsableSpace();
    if (usable < bytes) {
      throw new IOException("nothing was written: " + folder + " has room for " + usable + " bytes, and "
          + bytes + " are still to be written");
    }
  }
}
