package dev.weir.server.doctor;

import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.storage.fs.RootLock;

/**
 * The weir that runs on the same data at this moment.
 *
 * @param who as the lock says it
 * @param pid where it is a process that can be seen from here, not one in another container
 */
record Running(String who, OptionalLong pid) {
  private static final Pattern PROCESS = Pattern.compile("process ([0-9]{1,18}) on (.*)");

  /** Empty where none runs. */
  static Optional<Running> on(Path root, Map<String, String> environment) throws IOException {
    try {
      return RootLock.holder(root).map(who -> new Running(who, pid(who, environment)));
    } catch (OverlappingFileLockException e) {
      return Optional.of(new Running("this process", OptionalLong.of(ProcessHandle.current().pid())));
    }
  }

  private static OptionalLong pid(String who, Map<String, String> environment) {
    Matcher process = PROCESS.matcher(who);
    boolean here = process.matches() && process.group(2).equals(environment.getOrDefault("HOSTNAME", "this host"));
    return here ? OptionalLong.of(Long.parseLong(process.group(1))) : OptionalLong.empty();
  }
}
