package dev.weir.server.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.weir.server.doctor.Doctor;
import dev.weir.server.doctor.Report;
import dev.weir.server.wiring.Logging;

/** {@code weir doctor}: what stands between this machine and a weir that works. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = {
    "Goes over configuration, certificate, names, clock, disk, permissions, ports, limits, upstreams and pull secret,"
        + " and says what to do. Starts nothing and changes nothing.",
    "Exit status 0 if nothing keeps weir from working, 1 otherwise. To see what weir sees, run it as weir's user, with"
        + " weir's environment, beside a running weir or before it is started."})
final class DoctorCommand implements Callable<Integer> {
  private static final int FAILURE = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "CONFIG", description = "as for serve") private @Nullable Path config;

  @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}") private Output output = Output.text;

  @Option(names = "--offline", description = "asks no upstream") private boolean offline;

  @Override
  public Integer call() throws Exception {
    Path file = ConfigFile.chosen(Optional.ofNullable(config), System.getenv());
    Doctor doctor = new Doctor(System.getenv(), offline, program(), InstantSource.system());
    Report report = Logging.silently(() -> doctor.examine(file));
    output.print(spec, report::text, report::json);
    return report.hasFailure() ? FAILURE : 0;
  }

  /** The jar, or the directory of classes. */
  private static Path program() throws URISyntaxException {
    return Path.of(DoctorCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
