package dev.weir.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;

/** {@code weir}: the root of all commands. */
@Command(name = "weir", mixinStandardHelpOptions = true, versionProvider = Version.class, subcommands = {
    ServeCommand.class,
    DemoCommand.class,
    VerifyCommand.class,
    StatusCommand.class,
    PrecacheCommand.class,
    PinCommand.class,
    ImportCommand.class,
    ExportCommand.class,
    HealthCommand.class,
    GcCommand.class,
    GarbageCollectCommand.class,
    OpenshiftCommand.class,
    HtpasswdCommand.class,
    DoctorCommand.class,
    CertsCommand.class}, description = "OCI pull-through cache and mirror registry for disconnected and edge OpenShift.")
public final class WeirCommand {
  private WeirCommand() {}

  /** Runs one command, in weir's words or registry:2's; returns the process's exit status, 0 only when all of it worked. */
  public static int run(String... arguments) {
    String[] words = ImageArguments.of(arguments);
    return PlainCommand.isMeantBy(words) ? PlainCommand.run(words) : commands().execute(words);
  }

  /** What the reader is told of a command that failed. */
  static String sentence(Exception failure) {
    return "weir: " + failure.getMessage();
  }

  /** All commands, for whoever wants their output elsewhere. */
  public static CommandLine commands() {
    CommandLine commands = new CommandLine(new WeirCommand());
    commands.setExecutionExceptionHandler((failure, command, parsed) -> {
      command.getErr().println(sentence(failure));
      return ExitCode.SOFTWARE;
    });
    commands.setExecutionStrategy(parsed -> {
      if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
        throw new ParameterException(parsed.commandSpec().commandLine(), "which command?");
      }
      return new CommandLine.RunLast().execute(parsed);
    });
    return commands;
  }
}
