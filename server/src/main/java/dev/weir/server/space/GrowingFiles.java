package dev.weir.server.space;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where uploads and downloads grow. There are few of them, all in directories of their own. */
final class GrowingFiles {
  private GrowingFiles() {}

  static List<Path> directories(Path root) {
    return Stream.of("partial", "uploads", "tmp").map(root.resolve("weir")::resolve).toList();
  }

  /** What they take now, in bytes. */
  static long bytes(Path root) throws IOException {
    long sum = 0;
    for (Path directory : directories(root)) {
      if (Files.isDirectory(directory)) {
        try (Stream<Path> files = Files.list(directory)) {
          for (Path file : files.toList()) {
            sum += size(file);
          }
        }
      }
    }
    return sum;
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
