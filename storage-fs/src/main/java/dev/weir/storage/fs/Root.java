package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
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
      throw new IOException("cannot write to the storage directory " + root + " as uid " + ownUid() + ownerOf(root)
          + ": " + reason(e), e);
    }
  }

  /** What went wrong, without the path, in words. */
  static String reason(IOException e) {
    if (e instanceof FileSystemException failed) {
      String reason = failed.getReason();
      String kind = failed.getClass().getSimpleName().replace("Exception", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ");
      return (reason == null ? kind : reason) + " (" + failed.getFile() + ")";
    }
    return String.valueOf(e.getMessage());
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

  private static String ownUid() {
    try {
      return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return System.getProperty("user.name", "unknown");
    }
  }

  private static String ownerOf(Path root) {
    try {
      return " (it belongs to uid " + Files.getAttribute(root, "unix:uid") + ", mode "
          + Integer.toOctalString((int) Files.getAttribute(root, "unix:mode") & 07777) + ")";
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "";
    }
  }
}
