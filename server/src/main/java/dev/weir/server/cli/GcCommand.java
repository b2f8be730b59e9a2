package dev.weir.server.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.weir.server.admin.AdminClient;
import dev.weir.server.admin.Json;
import dev.weir.server.config.ConfigException;
import dev.weir.server.keep.AtRest;
import dev.weir.server.keep.GcReport;
import dev.weir.storage.Content;
import dev.weir.storage.ObjectStore;

/** {@code weir gc}: takes away what nobody needs, while weir serves. */
@Command(name = "gc", mixinStandardHelpOptions = true, description = {
    "Deletes blobs that no manifest names and that nobody touched lately, while weir serves.",
    "In a bucket, has the weir that collects there look for them soon.",
    "With --dry-run also where no weir runs. To collect there: weir garbage-collect."})
final class GcCommand implements Callable<Integer> {
  private static final int FAILURE = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Running running;

  @Option(names = "--dry-run", description = "says what would go, and deletes nothing") private boolean dryRun;

  @Option(names = "--untagged", description = "takes manifests away, too, that were pushed and that no tag leads to") private boolean untagged;

  @Option(names = "--rescan", description = "looks at once for content that others put there under the running weir") private boolean rescan;

  @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}") private Output output = Output.text;

  @Override
  public Integer call() throws IOException, ConfigException {
    ProgressLine line = ProgressLine.on(spec.commandLine().getErr());
    GcReport report = report(line);
    line.end();
    output.print(spec, () -> GcText.of(report), () -> Json.text(report));
    return report.unreadable().isEmpty() ? 0 : FAILURE;
  }

  private GcReport report(ProgressLine line) throws IOException, ConfigException {
    Optional<AdminClient> weir = running.find();
    if (weir.isPresent()) {
      Map<String, Boolean> order = Map.of("dryRun", dryRun, "untagged", untagged, "rescan", rescan);
      return Json.value(weir.get().run("/weir/v1/gc", order, line::show), GcReport.class);
    }
    if (!dryRun) {
      throw new IOException(
          "no weir runs here that this command could speak to; weir garbage-collect works without one");
    }
    try (ObjectStore store = DataAtRest.forReading(running.load())) {
      return AtRest.collect(Content.of(store), true, untagged, Instant.MAX, line::show);
    }
  }
}
