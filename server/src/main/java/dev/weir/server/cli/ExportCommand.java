package dev.weir.server.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.weir.server.admin.Json;
import dev.weir.server.archive.out.Cargo;
import dev.weir.server.archive.out.Export;
import dev.weir.server.archive.out.FolderLock;
import dev.weir.server.archive.out.HeldContent;
import dev.weir.server.archive.out.Prior;
import dev.weir.server.archive.out.Report;
import dev.weir.server.config.ConfigException;
import dev.weir.server.precache.Platforms;
import dev.weir.storage.ObjectStore;

/** {@code weir export}: what is held here, for those beyond the air gap. */
@Command(name = "export", mixinStandardHelpOptions = true, description = {
    "Writes images that are held here, with their signatures, into a folder that is carried to where no network goes.",
    "Reads weir's data, beside a weir that runs or without one, and fetches nothing: what is not held is named. What is"
        + " whole in the folder is not written again, so the same command goes on where an earlier one was ended.",
    "Exit status 0 only if all that was asked for is there then."})
final class ExportCommand implements Callable<Integer> {
  private static final int FAILURE = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Running running;

  @Parameters(arity = "0..*", paramLabel = "IMAGE", description = "NAME, NAME:TAG or NAME@DIGEST, as after the host and port of this weir; NAME alone: everything under it") private List<String> images = List
      .of();

  @Option(names = "--pin", paramLabel = "NAME", description = "the images of a pinned set; again for each; see weir pin") private List<String> pins = List
      .of();

  @Option(names = "--release", paramLabel = "RELEASE", description = "an OpenShift release with every image that it names: its tag, such as 4.16.17-x86_64, its digest, or NAME:TAG as it is held here; again for each") private List<String> releases = List
      .of();

  @Option(names = "--all", description = "everything that is held") private boolean all;

  @Option(names = "--platform", split = ",", paramLabel = "OS/ARCH", description = "of images for several platforms, only these, such as linux/amd64; which have to be held; default: all that are") private List<String> platforms = List
      .of();

  @Option(names = "--to", paramLabel = "FORMAT:FOLDER", required = true, description = {
      "archive:FOLDER   tars for weir import, which a registry:2 serves when they are unpacked under its root",
      "oc-dir:FOLDER    the tree that oc image mirror --from-dir reads",
      "precache:FOLDER  archives and lists as factory-precaching-cli writes them, for its extract scripts",
      "oci:FOLDER       an image layout, for skopeo and podman"}) private String to = "";

  @Option(names = "--split", paramLabel = "SIZE", description = "archive: each tar is smaller than this, such as 4GiB for a FAT file system") private @Nullable String split;

  @Option(names = "--since", paramLabel = "ARCHIVE|PIN", description = "archive: leaves out what the other side has: by the folder of an archive that went there, or its weir-export.json, or by a pinned set; again for each") private List<String> since = List
      .of();

  @Option(names = "--sign", paramLabel = "KEY", description = "archive: signs SHA256SUMS with this private key, PEM, RSA or EC; openssl dgst -sha256 -verify checks it") private @Nullable String sign;

  @Option(names = "--registry", paramLabel = "HOST", description = "precache: the registry that nodes name for images that are held here without an upstream's name") private @Nullable String registry;

  @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}") private Output output = Output.text;

  @Override
  public Integer call() throws IOException, ConfigException {
    if (all == (!images.isEmpty() || !pins.isEmpty() || !releases.isEmpty())) {
      throw new ParameterException(spec.commandLine(),
          "which images? Name some, a --pin or a --release, or say --all alone");
    }
    ExportTarget target = target();
    ExportProgress progress = ExportProgress.on(spec.commandLine().getErr());
    Report report;
    try (ObjectStore store = data()) {
      Wanted wanted = new Wanted(running, store, new Platforms(platforms));
      HeldContent held = new HeldContent(store);
      Cargo cargo = wanted.cargo(held, images, pins, releases, all);
      Prior known = wanted.known(held, since);
      Export export = target.export(new ExportTarget.Said(split, known.digests(), sign, request()),
          () -> new NodeNames(store, Optional.ofNullable(registry)).of(cargo, releases));
      try (FolderLock _ = target.lock()) {
        report = export.write(held, cargo, progress).noting(cargo.remarks()).noting(known.assumptions());
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } finally {
      progress.end();
    }
    output.print(spec, () -> ExportText.of(report), () -> Json.text(report));
    return report.isComplete() ? 0 : FAILURE;
  }

  /** The same for all that ask for the same. */
  private String request() {
    return Stream.of(images.stream(), pins.stream().map(each -> "--pin " + each),
        releases.stream().map(each -> "--release " + each), since.stream().map(each -> "--since " + each),
        platforms.stream().map(each -> "--platform " + each),
        all ? Stream.of("--all") : Stream.<String>of()).flatMap(each -> each).sorted().distinct()
        .collect(Collectors.joining(" "));
  }

  private ExportTarget target() {
    try {
      return ExportTarget.parse(to);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private ObjectStore data() throws IOException, ConfigException {
    if (running.isElsewhere()) {
      throw new IOException("weir export reads weir's data where it lies: run it on the host of that weir");
    }
    try {
      return DataAtRest.forReading(running.load());
    } catch (NoSuchFileException e) {
      throw new IOException("there is nothing to export: weir has no data yet in " + e.getFile(), e);
    }
  }
}
