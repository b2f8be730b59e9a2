package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What this process may do to a root directory, in sentences for whoever set it up. */
public final class RootRights {
  /** Where everything new goes; each may belong to somebody else than the root above it. */
  private static final List<String> WRITTEN_TO = List.of("docker", "docker/registry/v2", "docker/registry/v2/blobs",
      "docker/registry/v2/blobs/sha256", "docker/registry/v2/repositories");

  /** Without these weir does not start. */
  private static final List<String> OWN = List.of("weir", "weir/lock", "weir/partial", "weir/uploads");

  private RootRights() {}

  /**
   * Something about a root that can be opened: a tree below it that somebody else filled, and that can only be read.
   * Looks at a handful of directories.
   */
  public static Optional<String> doubt(Path root) {
    return WRITTEN_TO.stream().map(root::resolve).filter(each -> Files.isDirectory(each) && !Files.isWritable(each))
        .findFirst().map(each -> "cannot write to " + each + " as uid " + ownUid() + ownerOf(each)
            + ": what is held is served, and every push and every download will fail; " + advice(root));
  }

  /** What would keep weir from starting on {@code root}, which need not be there yet. Writes nothing. */
  public static Optional<String> obstacle(Path root) {
    Path existing = root.toAbsolutePath();
    while (Files.notExists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      return Optional
          .of("cannot keep data in " + root + ": " + existing + " is no directory, or cannot be looked into");
    }
    return Stream.concat(Stream.of(existing), OWN.stream().map(root::resolve))
        .filter(each -> Files.exists(each) && !Files.isWritable(each)).findFirst()
        .map(each -> "cannot write to " + each + " as uid " + ownUid() + ownerOf(each) + "; " + advice(root));
  }

  /** Why {@code root} cannot be written to. */
  static IOException refusal(Path root, IOException e) {
    return new IOException("cannot write to the storage directory " + root + " as uid " + ownUid() + ownerOf(root)
        + ": " + reason(e) + (e instanceof AccessDeniedException ? "; " + advice(root) : ""), e);
  }

  private static String advice(Path root) {
    return "run weir as the user to whom it belongs, or give it to weir: chown -R " + ownUid() + " " + root;
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

  private static String ownUid() {
    try {
      return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return System.getProperty("user.name", "unknown");
    }
  }

  private static String ownerOf(Path directory) {
    try {
      return " (it belongs to uid " + Files.getAttribute(directory, "unix:uid") + ", mode "
          + Integer.toOctalString((int) Files.getAttribute(directory, "unix:mode") & 07777) + ")";
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "";
    }
  }
}
