package dev.weir.storage.disk;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Everything that was done to a disk, in order; and what it refuses to do. Thread-safe. */
public final class Journal {
  private final List<Change> changes = new ArrayList<>();
  /** What each name stands for now; a directory is not in here. */
  private final Map<String, Integer> files = new HashMap<>();
  private int nextFile;
  private Fault fault = (number, change) -> Outcome.DONE;
  private int attempts;

  /** How the disk takes a change. */
  public enum Outcome {
    DONE,
    /** Half of what was to be written. For all but writes the same as {@link #DONE}. */
    SHORT, NO_SPACE, IO_ERROR
  }

  /** Decides what becomes of the n-th change, from 1 on. */
  @FunctionalInterface
  public interface Fault {
    Outcome of(int number, String change);
  }

  /** From now on changes are counted anew, and treated so. */
  public synchronized void inject(Fault decides) {
    fault = decides;
    attempts = 0;
  }

  /** So many changes were made, or refused, since {@link #inject}. */
  public synchronized int attempts() {
    return attempts;
  }

  /** A point in the order of things. */
  public synchronized int now() {
    return changes.size();
  }

  /** What was done so far. */
  synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  /** To be asked before a change; throws where the disk refuses. True: all of it may be made. */
  synchronized boolean attempt(String change, String path) throws IOException {
    return switch (fault.of(++attempts, change)) {
      case DONE -> true;
      case SHORT -> false;
      case NO_SPACE -> throw new FileSystemException(path, null, "No space left on device");
      case IO_ERROR -> throw new FileSystemException(path, null, "Input/output error");
    };
  }

  /** The number of the file; a new one where {@code created}. */
  synchronized int opened(String path, boolean created) {
    @Nullable
    Integer known = files.get(path);
    if (known != null && !created) {
      return known;
    }
    int file = nextFile++;
    files.put(path, file);
    changes.add(new Change.Create(path, file));
    return file;
  }

  synchronized void add(Change change) {
    changes.add(change);
    switch (change) {
      case Change.Rename(String from, String to) -> {
        Integer file = files.remove(from);
        if (file != null) {
          files.put(to, file);
        }
      }
      case Change.Remove(String path) -> files.remove(path);
      case Change.Create _,Change.Write _,Change.Truncate _,Change.Force _,Change.MakeDirectory _,Change.Sync _ -> {}
    }
  }
}
