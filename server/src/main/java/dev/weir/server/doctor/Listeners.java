package dev.weir.server.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who listens on a port of this machine, as Linux tells it.
 *
 * @param proc {@code /proc}
 */
record Listeners(Path proc) {
  private static final String LISTENING = "0A";
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int UID = 7;
  private static final int INODE = 9;

  /** @param pid 0 where this user may not see whose socket it is */
  record Listener(long pid, String program, String uid) {
    @Override
    public String toString() {
      return pid == 0
          ? "a process of uid " + uid + " that this user may not look at"
          : "process " + pid + " (" + program + ", uid " + uid + ")";
    }
  }

  /** Empty where nobody does, or nobody tells. */
  Optional<Listener> on(int port) throws IOException {
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String[] row : rows(proc.resolve(table))) {
        if (row[STATE].equals(LISTENING) && row[LOCAL_ADDRESS].endsWith(":" + String.format("%04X", port))) {
          return Optional.of(listener(row[INODE], row[UID]));
        }
      }
    }
    return Optional.empty();
  }

  private static List<String[]> rows(Path table) throws IOException {
    if (!Files.isReadable(table)) {
      return List.of();
    }
    return Files.readAllLines(table).stream().skip(1).map(line -> line.strip().split(" +", -1))
        .filter(row -> row.length > INODE).toList();
  }

  private Listener listener(String inode, String uid) throws IOException {
    for (Path process : list(proc, "[0-9]*")) {
      if (holds(process, "socket:[" + inode + "]")) {
        return new Listener(Long.parseLong(String.valueOf(process.getFileName())), program(process), uid);
      }
    }
    return new Listener(0, "", uid);
  }

  private static boolean holds(Path process, String socket) {
    try {
      for (Path file : list(process.resolve("fd"), "*")) {
        if (leadsTo(file, socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // another user's, or it has just ended
    }
  }

  private static boolean leadsTo(Path link, String socket) {
    try {
      return Files.readSymbolicLink(link).toString().equals(socket);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  /** Its name alone: a command line may hold secrets. */
  private static String program(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      return "of unknown name";
    }
  }

  private static List<Path> list(Path folder, String pattern) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
      entries.forEach(found::add);
    }
    return found;
  }
}
