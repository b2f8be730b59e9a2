package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Makes sure, before anything else is done, that a directory can be written to. */
final class Root {
  private Root() {}

  /**
   * The real path of {@code root}, which is created where it is absent, as is {@code own} below it.
   *
   * @throws IOException if it cannot be written to; says to whom it belongs and who we are
   */
  static Path open(Path root, Path own, DirectorySync disk) throws IOException {
    try {
      createDurably(root.toAbsolutePath(), disk);
      Path real = root.toRealPath();
      createDurably(real.resolve(own), disk);
      Files.delete(new TemporaryFiles(real.resolve(own)).write(new byte[0]));
      return real;
    } catch (IOException e) {
      throw RootRights.refusal(root, e);
    }
  }

  private static void createDurably(Path directory, DirectorySync disk) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path each = directory; each != null && Files.notExists(each); each = each.getParent()) {
      missing.push(each);
    }
    for (Path each : missing) {
      try {
        Files.createDirectory(each);
      } catch (FileAlreadyExistsException e) {
        continue; // another process was quicker
      }
      Path parent = each.getParent();
      if (parent != null) {
        disk.sync(parent);
      }
    }
  }
}
