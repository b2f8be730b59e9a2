package dev.weir.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** {@code weir}: the root of all commands. */
@Command(name = "weir", mixinStandardHelpOptions = true, versionProvider = WeirCommand.VersionLine.class, subcommands = {
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

  /** What {@code --version} says. */
  static final class VersionLine implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[]{"weir " + Version.text()};
    }
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
