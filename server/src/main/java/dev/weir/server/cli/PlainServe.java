package dev.weir.server.cli;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * {@code weir serve [CONFIG]} without any option, run without picocli: that is how weir is nearly always started, and
 * picocli alone takes longer to look at all commands than the rest of the start. {@link ServeCommand} does the work
 * either way.
 */
final class PlainServe {
  private PlainServe() {}

  static boolean isMeantBy(String... words) {
    return words.length > 0 && words[0].equals("serve") && words.length <= 2
        && Arrays.stream(words).skip(1).allMatch(PlainServe::isPath);
  }

  /** Neither an option nor a file of arguments, as picocli knows them. */
  private static boolean isPath(String word) {
    return !word.isEmpty() && !word.startsWith("-") && !word.startsWith("@");
  }

  /** Returns the process's exit status. */
  static int run(String... words) {
    try {
      return ServeCommand.serve(Arrays.stream(words).skip(1).map(Path::of).findFirst());
    } catch (Exception e) { // as the root command does it
      System.err.println(WeirCommand.sentence(e));
      return 1;
    }
  }
}
