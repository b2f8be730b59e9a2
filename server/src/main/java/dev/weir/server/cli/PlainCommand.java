package dev.weir.server.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * {@code weir serve [CONFIG]} and {@code weir health [CONFIG]} without any option, run without picocli: that is how they are
 * nearly always run, a health check again and again, and picocli alone takes longer to look at all commands than the rest
 * of the start. Their own classes do the work either way.
 */
final class PlainCommand {
  private static final Map<String, Work> ALL = Map.of("serve", ServeCommand::serve, "health", HealthCommand::ask);

  /** Returns the process's exit status, given the configuration that was named. */
  @FunctionalInterface
  private interface Work {
    int of(Optional<Path> named) throws Exception;
  }

  private PlainCommand() {}

  static boolean isMeantBy(String... words) {
    return words.length > 0 && ALL.containsKey(words[0]) && words.length <= 2
        && Arrays.stream(words).skip(1).allMatch(PlainCommand::isPath);
  }

  /** Neither an option nor a file of arguments, as picocli knows them. */
  private static boolean isPath(String word) {
    return !word.isEmpty() && !word.startsWith("-") && !word.startsWith("@");
  }

  /** Returns the process's exit status. */
  static int run(String... words) {
    try {
      return ALL.getOrDefault(words[0], named -> 1).of(Arrays.stream(words).skip(1).map(Path::of).findFirst());
    } catch (Exception e) { // as the root command does it
      System.err.println(WeirCommand.sentence(e));
      return 1;
    }
  }
}
