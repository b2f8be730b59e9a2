package dev.weir.server.cli;

/** What the program does with its arguments. Picocli stays out of it where it can: no JVM remembers its classes. */
public final class Program {
  private Program() {}

  /** Runs one command, in weir's words or registry:2's; returns the process's exit status, 0 only when all of it worked. */
  public static int run(String... arguments) {
    String[] words = ImageArguments.of(arguments);
    return PlainCommand.isMeantBy(words) ? PlainCommand.run(words) : WeirCommand.commands().execute(words);
  }
}
