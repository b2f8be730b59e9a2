package dev.weir.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.weir.server.admin.AdminClient;
import dev.weir.server.admin.Json;
import dev.weir.server.config.ConfigException;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.keep.HeldRelease;
import dev.weir.server.keep.Progress;
import dev.weir.server.keep.Rehash;
import dev.weir.server.keep.Verification;
import dev.weir.server.keep.VerifyReport;
import dev.weir.storage.Content;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.fs.RootLock;

/** {@code weir verify}: is it all here, intact, and could this site be unplugged now? */
@Command(name = "verify", mixinStandardHelpOptions = true, description = {
    "Reads images and all that they name, and says whether they are here and as they should be, and whether they can be"
        + " served without any upstream.",
    "A running weir heals what it can meanwhile; where none runs, the data is only looked at. Exit status 0 only if all is"
        + " here and intact."})
final class VerifyCommand implements Callable<Integer> {
  private static final int FAILURE = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Running running;

  @Parameters(arity = "0..*", paramLabel = "IMAGE", description = "NAME, NAME:TAG or NAME@DIGEST, as after the host and port of this weir") private List<String> images = List
      .of();

  @Option(names = "--release", paramLabel = "RELEASE", description = "an OpenShift release with every image that it names: its tag, such as 4.16.17-x86_64, its digest, or NAME:TAG as it is held here; again for each") private List<String> releases = List
      .of();

  @Option(names = "--all", description = "everything that is held") private boolean all;

  @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}") private Output output = Output.text;

  @Override
  public Integer call() throws IOException, ConfigException {
    if (all != (images.isEmpty() && releases.isEmpty())) {
      throw new ParameterException(spec.commandLine(), "which images? Name some or a release, or say --all");
    }
    ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
    VerifyReport report = report(line);
    line.end();
    output.print(spec, () -> VerifyText.of(report), () -> Json.text(report));
    return report.intact() ? 0 : FAILURE;
  }

  private VerifyReport report(ProgressLine line) throws IOException, ConfigException {
    Optional<AdminClient> weir = running.find();
    if (weir.isPresent()) {
      return Json.value(weir.get().run("/weir/v1/verify", Map.of("images", images, "releases", releases), line::show),
          VerifyReport.class);
    }
    WeirConfig config = running.load();
    Path root = config.localRoot();
    Optional<String> holder = RootLock.holder(root);
    if (holder.isPresent()) {
      throw new IOException(root + " is in use by " + holder.get() + ", which does not answer at its socket");
    }
    try (ObjectStore store = DataAtRest.forReading(config)) {
      Content content = Content.of(store);
      Progress progress = line::show;
      return new Verification(content, new Rehash(content.blobs())::of, 0, progress)
          .of(HeldRelease.with(content, images, releases));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
