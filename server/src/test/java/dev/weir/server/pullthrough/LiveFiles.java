package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;

/** The files of a folder that a server writes, renames and deletes meanwhile: what goes on the way is not there. */
public final class LiveFiles extends SimpleFileVisitor<Path> {
  private final Map<Path, Long> sizes = new TreeMap<>();

  private LiveFiles() {}

  /** Every regular file below a folder, with its size; {@link Files#walk} throws when one goes while it looks. */
  public static Map<Path, Long> below(Path folder) throws IOException {
    LiveFiles files = new LiveFiles();
    Files.walkFileTree(folder, files);
    return files.sizes;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (attributes.isRegularFile()) {
      sizes.put(file, attributes.size());
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException why) {
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, IOException why) {
    return FileVisitResult.CONTINUE;
  }
}
