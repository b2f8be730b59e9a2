package dev.weir.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.weir.server.admin.Json;
import dev.weir.server.archive.in.Import;
import dev.weir.server.archive.in.ImportReport;
import dev.weir.server.archive.in.NamedImage;
import dev.weir.server.archive.in.Naming;
import dev.weir.server.archive.in.Rehearsal;
import dev.weir.server.archive.in.Target;
import dev.weir.server.config.ConfigException;

/** {@code weir import}: takes in what other tools left on a disk. */
@Command(name = "import", mixinStandardHelpOptions = true, description = {
    "Takes in images from disks and archives: trees of oc adm release mirror --to-dir and oc image mirror --dir, the data"
        + " directory of a registry:2, archives and the cache of oc-mirror (v2 and v1), folders of factory-precaching-cli,"
        + " skopeo's dir:, oci:, oci-archive: and docker-archive:, all of them also as .tar, .tar.gz or .tar.zst. What it"
        + " is, is seen by looking; nothing is unpacked to disk.",
    "Into the weir that runs here; where none runs, into its data at rest; with --server into a weir elsewhere, with --to"
        + " into any registry. What is imported counts as pushed: nothing evicts or overwrites it.",
    "Every digest is verified. What is damaged or missing is named and skipped, and the rest goes in. Run it again after"
        + " an interruption: only what is missing is sent. Of a set of archives, name all at once, in any order.",
    "Exit status 0 only if all that was found is there now; 1 if something was skipped."}, footer = {"",
        "Examples:",
        "  weir import --dry-run /mnt/usb/mirror            shows what would go where",
        "  weir import /mnt/usb/mirror.tar.gz --map openshift/release=ocp4/openshift4",
        "  weir import mirror_000001.tar mirror_000002.tar",
        "  weir import registry.tar.gz                      a tar of a registry:2's data/",
        "  weir import oci-archive:app.tar --as team/app:1.0",
        "  ssh far cat mirror.tar.gz | weir import -"})
final class ImportCommand implements Callable<Integer> {
  private static final int FAILURE = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Running running;

  @Parameters(arity = "1..*", paramLabel = "SOURCE", description = "a file, a directory, or - for standard input; dir:, oci:, oci-archive: and docker-archive: before it are understood, and not needed") private List<String> sources = List
      .of();

  @Option(names = "--to", paramLabel = "REGISTRY", description = "any registry, as HOST[:PORT]; http:// before it for one without TLS. Its credentials come from --authfile") private @Nullable String to;

  @Option(names = "--cafile", paramLabel = "FILE", description = "authorities, PEM, that the registry of --to or --server is trusted by, beside the system's") private @Nullable Path authorities;

  @Option(names = "--map", paramLabel = "FROM=TO", description = "repositories at and below FROM become TO and below it; an empty FROM is every name; again for each; the longest FROM counts") private List<String> maps = List
      .of();

  @Option(names = "--as", paramLabel = "NAME[:TAG]", description = "the name of an image whose source says none, as of dir: and most of oci:") private @Nullable String as;

  @Option(names = "--dry-run", description = "reads and verifies all of it, writes nothing, and shows what would go where, and how large it is") private boolean dryRun;

  @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}") private Output output = Output.text;

  @Override
  public Integer call() throws IOException, ConfigException {
    Naming naming;
    Optional<NamedImage> name;
    try {
      naming = Naming.parse(maps);
      name = Optional.ofNullable(as).map(NamedImage::parse);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    ImportReport report = run(naming, name);
    output.print(spec, () -> ImportText.of(report), () -> Json.text(report));
    return report.complete() ? 0 : FAILURE;
  }

  private ImportReport run(Naming naming, Optional<NamedImage> name) throws IOException, ConfigException {
    ImportProgress progress = new ImportProgress(Bars.on(spec.commandLine().getErr(), System.getenv()));
    try (Target target = target()) {
      return new Import(dryRun ? new Rehearsal(target.shown()) : target, naming, name, progress, dryRun).of(sources);
    } finally {
      progress.end();
    }
  }

  private Target target() throws IOException, ConfigException {
    ImportTargets targets = new ImportTargets(running, Optional.ofNullable(authorities));
    return to == null ? targets.chosen(dryRun) : targets.registry(to);
  }
}
