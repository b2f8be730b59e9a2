package dev.weir.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.StorageConfig;

/**
 * {@code weir garbage-collect}, with registry:2's options: so that whoever has it in a timer learns that nothing was
 * collected, and why.
 */
@Command(name = "garbage-collect", mixinStandardHelpOptions = true, description = "As registry:2's; not in this version: deletes nothing, says so, and fails.")
@SuppressWarnings("UnusedVariable") // options that are understood and change nothing yet
final class GarbageCollectCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "CONFIG", description = "as for serve") private @Nullable Path config;

  @Option(names = {"-d", "--dry-run"}, description = "does everything but delete") private boolean dryRun;

  @Option(names = {"-m",
      "--delete-untagged"}, description = "takes manifests without a tag for garbage too") private boolean deleteUntagged;

  @Option(names = {"-q", "--quiet"}, description = "says less") private boolean quiet;

  @Override
  public Integer call() throws IOException, ConfigException {
    Path file = ConfigFile.chosen(Optional.ofNullable(config), System.getenv());
    String root = switch (ConfigLoader.load(file, System.getenv()).config().storage().backend()) {
      case StorageConfig.Filesystem files -> files.root().toAbsolutePath().normalize().toString();
      case StorageConfig.S3 bucket -> "the bucket " + bucket.settings().bucket();
    };
    String asked = dryRun ? "nothing was looked at" : "nothing was deleted";
    throw new IOException("garbage-collect: this version of weir collects no garbage, so " + asked + " in " + root
        + "; registry:2's own garbage-collect can do it while weir is stopped, where all that was pushed is of types"
        + " that registry:2 reads");
  }
}
