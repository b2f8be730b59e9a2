package dev.weir.server.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is mounted, as Linux lists it in {@code /proc/self/mountinfo}. */
final class Mounts {
  private static final Path LIST = Path.of("/proc/self/mountinfo");
  private final List<Mount> all;

  private record Mount(Path point, List<String> options) {}

  private Mounts(List<Mount> all) {
    this.all = all;
  }

  /** None where there is no such list. */
  static Mounts read() throws IOException {
    return Files.isReadable(LIST) ? parse(Files.readAllLines(LIST)) : new Mounts(List.of());
  }

  static Mounts parse(List<String> lines) {
    List<Mount> found = new ArrayList<>();
    for (String line : lines) {
      String[] halves = line.split(" - ", 2);
      String[] mount = halves[0].split(" ", -1);
      String[] system = halves.length < 2 ? new String[0] : halves[1].split(" ", -1);
      if (mount.length > 5 && system.length > 2) {
        found.add(new Mount(Path.of(mount[4].replace("\\040", " ")),
            List.of((mount[5] + "," + system[2]).split(",", -1))));
      }
    }
    return new Mounts(found);
  }

  /** Of the mount that {@code path}, absolute and without links, lies on. */
  List<String> optionsOf(Path path) {
    return all.stream().filter(mount -> path.startsWith(mount.point()))
        .max(Comparator.comparingInt(mount -> mount.point().getNameCount())).map(Mount::options).orElse(List.of());
  }
}
