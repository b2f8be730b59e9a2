package dev.weir.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.keep.AtRest;
import dev.weir.server.keep.GcReport;
import dev.weir.storage.Content;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.fs.RootLock;

/** {@code weir garbage-collect}, as registry:2's: on data that nobody serves. */
@Command(name = "garbage-collect", mixinStandardHelpOptions = true, description = "As registry:2's: deletes what no manifest names, while no weir runs. Beside a running one: weir gc.")
final class GarbageCollectCommand implements Callable<Integer> {
  private static final int FAILURE = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "CONFIG", description = "as for serve") private @Nullable Path config;

  @Option(names = {"-d", "--dry-run"}, description = "does everything but delete") private boolean dryRun;

  @Option(names = {"-m",
      "--delete-untagged"}, description = "takes manifests without a tag for garbage too") private boolean deleteUntagged;

  @Option(names = {"-q", "--quiet"}, description = "says less") private boolean quiet;

  @Override
  public Integer call() throws IOException, ConfigException {
    Path file = ConfigFile.chosen(Optional.ofNullable(config), System.getenv());
    WeirConfig loaded = ConfigLoader.load(file, System.getenv()).config();
    Path root = loaded.localRoot();
    Optional<String> holder = RootLock.holder(root);
    if (holder.isPresent()) {
      throw new IOException("garbage-collect: " + root + " is in use by " + holder.get()
          + "; `weir gc` collects beside a running weir");
    }
    GcReport report = collect(loaded);
    PrintWriter out = spec.commandLine().getOut();
    if (!quiet) {
      report.untagged().forEach(image -> out.println("manifest eligible for deletion: " + image));
      report.blobs().forEach(blob -> out.println("blob eligible for deletion: " + blob));
    }
    report.unreadable().forEach(image -> out.println("damaged, so no blob is deleted: " + image));
    out.println(report.named() + " blobs marked, " + report.blobCount() + " blobs and " + report.untagged().size()
        + " manifests eligible for deletion");
    if (report.spared() > 0) {
      out.println(report.spared() + " blobs that no manifest names stay for now: they were written within "
          + loaded.gc().grace().toMinutes() + " minutes (gc.grace), and somebody may be about to name them");
    }
    out.flush();
    return report.unreadable().isEmpty() ? 0 : FAILURE;
  }

  private GcReport collect(WeirConfig loaded) throws IOException {
    if (dryRun) {
      try (ObjectStore store = DataAtRest.forReading(loaded)) {
        return AtRest.collect(Content.of(store), true, deleteUntagged, DataAtRest.settledBefore(loaded),
            (done, total, at) -> {});
      }
    }
    try (RootLock _ = RootLock.take(loaded.localRoot(), waiting -> {});
        ObjectStore store = DataAtRest.forWriting(loaded)) {
      return AtRest.collect(Content.of(store), false, deleteUntagged, DataAtRest.settledBefore(loaded),
          (done, total, at) -> {});
    }
  }
}
