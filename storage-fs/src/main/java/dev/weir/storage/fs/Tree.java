package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directories below a root. Files are placed in it and taken from it durably: with every directory that came into
 * being on the way, and so that what one can see is durable even while another thread is still busy placing it.
 * Directories come with their first file and go with their last.
 *
 * <p>Thread-safe without locks: placing and removing race on the file system itself, and placing tries again when a
 * directory went away under it.
 */
final class Tree {
  /** Each failed attempt means that another thread removed a file from the same directory at that instant. */
  private static final int ATTEMPTS = 1000;

  private final Path root;
  private final DirectorySync disk;
  /** Files and directories that may not be durable yet, each with how many {@link #place}s are at work on it. */
  private final ConcurrentHashMap<Path, Integer> unsettled = new ConcurrentHashMap<>();

  Tree(Path root, DirectorySync disk) {
    this.root = root;
    this.disk = disk;
  }

  /**
   * Moves a file, whose content is durable, to {@code target}, in place of one that is there.
   *
   * @throws java.nio.file.AtomicMoveNotSupportedException if it lies on another file system
   */
  void place(Path file, Path target) throws IOException {
    List<Path> entered = new ArrayList<>();
    try {
      enter(target, entered);
      move(file, target, entered);
      settle(target);
    } finally {
      entered.forEach(this::leave);
    }
  }

  /** Removes a file, and the directories that are empty without it. False: it was not there. */
  boolean remove(Path file) throws IOException {
    try {
      Files.delete(file);
    } catch (NoSuchFileException e) {
      return false;
    }
    settleRemoved(file);
    return true;
  }

  /** To be called for a file that is no longer where it was: removes the directories that are empty without it. */
  void settleRemoved(Path file) throws IOException {
    Path directory = parent(file);
    while (!directory.equals(root) && isRemoved(directory)) {
      directory = parent(directory);
    }
    syncThereOrAbove(directory);
  }

  /** To be called for a file that was found, before it is relied on. */
  void ensureSettled(Path found) throws IOException {
    if (!unsettled.isEmpty() && unsettled.containsKey(found)) {
      settle(found);
    }
  }

  private void move(Path file, Path target, List<Path> entered) throws IOException {
    for (int attempt = 1;; attempt++) {
      try {
        if (attempt > 1) {
          createDirectories(parent(target), entered);
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (NoSuchFileException e) {
        if (attempt == ATTEMPTS || Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
          throw e;
        }
      }
    }
  }

  /** Never creates the root: if that is gone, a disk was unmounted. */
  private void createDirectories(Path directory, List<Path> entered) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path each = directory; !Files.exists(each); each = parent(each)) {
      if (each.equals(root)) {
        throw new IOException("the storage directory " + root + " is gone");
      }
      missing.push(each);
    }
    for (Path each : missing) {
      enter(each, entered);
      createUnlessThere(each);
    }
  }

  private static void createUnlessThere(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      return; // another thread was quicker; both will settle it
    }
  }

  /** The deepest first: on a journalling file system that one brings the others along. */
  private void settle(Path entry) throws IOException {
    syncThereOrAbove(parent(entry));
    for (Path each = parent(entry); !each.equals(root); each = parent(each)) {
      if (unsettled.containsKey(each)) {
        syncThereOrAbove(parent(each));
      }
    }
  }

  /** A directory that is gone was removed with all that lay in it; that this stays so is a matter of the one above. */
  private void syncThereOrAbove(Path directory) throws IOException {
    for (Path each = directory;; each = parent(each)) {
      try {
        disk.sync(each);
        return;
      } catch (NoSuchFileException e) {
        if (each.equals(root)) {
          throw e;
        }
      }
    }
  }

  /** Not removed: it holds something, or it is not ours to remove: a mount point, a link that somebody made. */
  private static boolean isRemoved(Path directory) {
    try {
      if (Files.isSymbolicLink(directory)) {
        return false;
      }
      Files.deleteIfExists(directory);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void enter(Path entry, List<Path> entered) {
    unsettled.merge(entry, 1, Integer::sum);
    entered.add(entry);
  }

  private void leave(Path entry) {
    unsettled.computeIfPresent(entry, (path, users) -> users == 1 ? null : users - 1);
  }

  private static Path parent(Path belowRoot) {
    return Objects.requireNonNull(belowRoot.getParent());
  }
}
