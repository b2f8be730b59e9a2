package dev.weir.server.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A file system, in figures.
 *
 * @param kind    such as xfs
 * @param usable  bytes that this process may still write
 * @param inodes  files that it can hold; 0: not known, or no bound
 * @param options it is mounted with; empty where not known
 */
record Disk(String kind, long totalBytes, long usable, long inodes, long freeInodes, List<String> options) {
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /** Whoever can say what a path lies on. */
  @FunctionalInterface
  interface Source {
    /** @param path exists */
    Disk of(Path path) throws IOException;
  }

  /** As the system says. */
  static Disk of(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    long[] inodes = inodes(path);
    return new Disk(store.type(), store.getTotalSpace(), store.getUsableSpace(), inodes[0], inodes[1],
        Mounts.read().optionsOf(path.toRealPath()));
  }

  /** All, and those that are free. The JDK does not tell, the program stat does, where there is one. */
  private static long[] inodes(Path path) {
    try {
      Process stat = new ProcessBuilder("stat", "-f", "-c", "%c %d", path.toString()).start();
      String said = Patiently.await(LONGEST, "stat -f " + path,
          () -> new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
      String[] numbers = said.strip().split(" ", 2);
      return new long[]{Long.parseLong(numbers[0]), Long.parseLong(numbers[1])};
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return new long[]{0, 0};
    }
  }
}
