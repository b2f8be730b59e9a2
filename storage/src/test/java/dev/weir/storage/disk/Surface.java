package dev.weir.storage.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * The model of a disk: what is certainly on it, and what a power cut may take. It promises as little as POSIX does: a
 * file's bytes are durable after its {@code fsync}, a name after an {@code fsync} of its directory, and nothing else is,
 * in no order.
 */
final class Surface {
  private final Map<Integer, Bytes> files = new HashMap<>();
  private final Directory root = new Directory();
  /** Not yet durable, in order. */
  private final List<Naming> pending = new ArrayList<>();

  /** What a name may stand for. */
  private sealed interface Node {}

  /** Another one of the same name is another directory. */
  private static final class Directory implements Node {
    private final Map<String, Node> now = new HashMap<>();
    private final Map<String, Node> durable = new TreeMap<>();
  }

  private record File(int number) implements Node {}

  /** Of one file. */
  private static final class Bytes {
    private byte[] now = {};
    private byte[] synced = {};
  }

  /** @param node null: the name is gone */
  private record Naming(Directory directory, String name, @Nullable Node node) {
    void applyTo(Map<String, Node> names) {
      if (node == null) {
        names.remove(name);
      } else {
        names.put(name, node);
      }
    }
  }

  void apply(Change change) {
    switch (change) {
      case Change.Create(String path, int file) -> {
        files.put(file, new Bytes());
        name(path, new File(file));
      }
      case Change.Write(int file, long offset, byte[] bytes) -> write(bytes(file), (int) offset, bytes);
      case Change.Truncate(int file, long size) ->
        bytes(file).now = Arrays.copyOf(bytes(file).now, (int) Math.min(size, bytes(file).now.length));
      case Change.Force(int file) -> bytes(file).synced = bytes(file).now;
      case Change.MakeDirectory(String path) -> name(path, new Directory());
      case Change.Rename(String from, String to) -> {
        name(to, node(from));
        name(from, null);
      }
      case Change.Remove(String path) -> name(path, null);
      case Change.Sync(String directory) -> sync((Directory) node(directory));
    }
  }

  private Bytes bytes(int file) {
    return files.computeIfAbsent(file, number -> new Bytes());
  }

  private static void write(Bytes file, int offset, byte[] bytes) {
    byte[] now = Arrays.copyOf(file.now, Math.max(file.now.length, offset + bytes.length));
    System.arraycopy(bytes, 0, now, offset, bytes.length);
    file.now = now;
  }

  private Node node(String path) {
    Node found = root;
    for (String name : path.isEmpty() ? new String[0] : path.split("/", -1)) {
      found = Objects.requireNonNull(((Directory) found).now.get(name), path);
    }
    return found;
  }

  private void name(String path, @Nullable Node node) {
    int slash = path.lastIndexOf('/');
    Directory directory = (Directory) node(slash < 0 ? "" : path.substring(0, slash));
    Naming naming = new Naming(directory, path.substring(slash + 1), node);
    naming.applyTo(directory.now);
    pending.add(naming);
  }

  private void sync(Directory directory) {
    pending.removeIf(naming -> {
      if (naming.directory() != directory) {
        return false;
      }
      naming.applyTo(directory.durable);
      return true;
    });
  }

  Map<String, byte[]> afterPowerCut(PowerCuts.Loss loss, RandomGenerator random) {
    Map<Directory, Map<String, Node>> changed = new HashMap<>();
    for (Naming naming : pending) {
      boolean made = switch (loss) {
        case ALL -> false;
        case BYTES, ZEROS, NONE -> true;
        case ANY -> random.nextBoolean();
      };
      if (made) {
        naming.applyTo(changed.computeIfAbsent(naming.directory(), directory -> new TreeMap<>(directory.durable)));
      }
    }
    Map<String, byte[]> found = new TreeMap<>();
    Map<Integer, byte[]> content = new HashMap<>();
    collect("", root, changed,
        (path, file) -> found.put(path,
            content.computeIfAbsent(file.number(), number -> left(bytes(number), loss, random))));
    return found;
  }

  private interface Found {
    void file(String path, File file);
  }

  private static void collect(String prefix, Directory directory, Map<Directory, Map<String, Node>> changed,
      Found found) {
    changed.getOrDefault(directory, directory.durable).forEach((name, node) -> {
      switch (node) {
        case File file -> found.file(prefix + name, file);
        case Directory below -> collect(prefix + name + "/", below, changed, found);
      }
    });
  }

  private static byte[] left(Bytes file, PowerCuts.Loss loss, RandomGenerator random) {
    return switch (loss) {
      case ALL, BYTES -> file.synced;
      case NONE -> file.now;
      case ZEROS -> Arrays.copyOf(file.synced, file.now.length);
      case ANY -> file.now.length > file.synced.length
          ? Arrays.copyOf(file.now, random.nextInt(file.synced.length, file.now.length + 1))
          : random.nextBoolean() ? file.now : file.synced;
    };
  }
}
