package dev.weir.server.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How many files and connections the process may have open.
 *
 * @param limits as the kernel shows them: {@code /proc/PID/limits}
 * @param whose  the process, in words
 */
record LimitsCheck(Path limits, String whose) implements Check {
  private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files +(\\S+)");
  private static final long FEW = 4096;

  @Override
  public String subject() {
    return "limits";
  }

  @Override
  public List<Finding> run() throws Exception {
    if (Files.notExists(limits)) {
      return List.of(Finding.ok(subject(), "this system does not tell how many files " + whose + " may open"));
    }
    Optional<String> most = OPEN_FILES.matcher(Files.readString(limits)).results().map(found -> found.group(1))
        .findFirst();
    if (most.isEmpty() || most.get().equals("unlimited")) {
      return List.of(Finding.ok(subject(), whose + " may open any number of files"));
    }
    long files = Long.parseLong(most.get());
    return List.of(files < FEW
        ? Finding.warn(subject(), whose + " may open " + files + " files, which is about " + files / 3
            + " clients at a time: each takes a connection, a file and now and then a connection upstream",
            "allow more: ulimit -n 65536 before weir starts, LimitNOFILE=65536 in its systemd unit, or podman run"
                + " --ulimit nofile=65536:65536")
        : Finding.ok(subject(), whose + " may open " + files + " files"));
  }
}
