package dev.weir.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.weir.server.precache.ImageLists;
import dev.weir.server.precache.Order;
import dev.weir.server.precache.Report;

/** {@code weir precache}: has images here before anybody asks for them. */
@Command(name = "precache", mixinStandardHelpOptions = true, description = {
    "Has a running weir fetch images, lists of images and whole releases, signatures and all, through its own upstreams.",
    "The running weir does it: the work goes on when this command is ended, when a link breaks, and when weir is"
        + " started again. The same command again watches the work that is under way. Only what is not here travels.",
    "Exit status 0 only if all of it is here then (with --dry-run: could be), 1 if something is missing."})
final class PrecacheCommand implements Callable<Integer> {
  private static final int FAILURE = 1;
  private static final String STANDARD_INPUT = "-";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Running running;

  @Parameters(arity = "0..*", paramLabel = "IMAGE", description = "as a client names it, such as quay.io/team/app:v1 or quay.io/team/app@sha256:…") private List<String> images = List
      .of();

  @Option(names = {"-f",
      "--file"}, paramLabel = "LIST", description = "a file with one image a line, with SRC=DST (mapping.txt), or a ConfigMap imagestreamtag-to-image; - is standard input") private List<String> lists = List
          .of();

  @Option(names = "--release", paramLabel = "IMAGE", description = "a release image, such as quay.io/openshift-release-dev/ocp-release:4.16.17-x86_64, with all that it is made of; its signature is checked with release.keys") private List<String> releases = List
      .of();

  @Option(names = "--image-set", paramLabel = "FILE", description = "an ImageSetConfiguration of oc-mirror, v2alpha1 or v1alpha2: releases by version or channel, operators, further images; - is standard input") private List<String> imageSets = List
      .of();

  @Option(names = "--platform", split = ",", paramLabel = "OS/ARCH", description = "of images for several platforms, only these, such as linux/amd64; default: all") private List<String> platforms = List
      .of();

  @Option(names = "--pin", paramLabel = "NAME", defaultValue = "", description = "keeps the images from being evicted, as the set NAME; see weir pin") private String pin = "";

  @Option(names = "--to", paramLabel = "REPOSITORY", defaultValue = "", description = "a repository here that gets a release's images by the tags that oc adm release mirror gives, such as ocp4/openshift4") private String to = "";

  @Option(names = "--tags", description = "what stands right of = in a list becomes a name here, too") private boolean tags;

  @Option(names = "--replace", description = "with --to and --tags: replaces what was pushed by those names; without it, that is left and reported") private boolean replace;

  @Option(names = "--unsigned", description = "takes releases without a signature") private boolean unsigned;

  @Option(names = "--dry-run", description = "fetches manifests alone, and says how many bytes would be fetched, and what room there is") private boolean dryRun;

  @Option(names = "--detach", description = "returns as soon as the work has begun") private boolean detach;

  @Option(names = "--cancel", paramLabel = "JOB", defaultValue = "", description = "ends that work instead; what came stays") private String cancel = "";

  @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}") private Output output = Output.text;

  @Override
  public Integer call() throws IOException, ConfigException {
    if (!cancel.isEmpty()) {
      running.require().order("/weir/v1/precache/cancel", Map.of("job", cancel));
      return 0;
    }
    Order order = order();
    AdminClient weir = running.require();
    JsonNode job = weir.order("/weir/v1/precache", order);
    if (detach) {
      output.print(spec, () -> "job " + job.path("id").asText() + " has begun\n", () -> Json.text(job));
      return 0;
    }
    Bars bars = Bars.on(spec.commandLine().getErr(), System.getenv());
    bars.say("job " + job.path("id").asText() + "; it goes on when this command is ended");
    Report report;
    try {
      report = Json.value(new Following(weir, bars::show, bars::say).toItsEnd(job), Report.class);
    } finally {
      bars.end();
    }
    output.print(spec, () -> PrecacheText.of(report), () -> Json.text(report));
    return report.complete() ? 0 : FAILURE;
  }

  private Order order() throws IOException {
    try {
      List<String> all = new ArrayList<>(images);
      for (String list : lists) {
        all.addAll(ImageLists.read(list.equals(STANDARD_INPUT) ? "standard input" : list, text(list)));
      }
      List<String> sets = new ArrayList<>();
      for (String set : imageSets) {
        sets.add(text(set));
      }
      return new Order(all, releases, sets, platforms, pin, to, tags, dryRun, unsigned, replace);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static String text(String list) throws IOException {
    try {
      return list.equals(STANDARD_INPUT)
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(Path.of(list));
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + list, e);
    }
  }
}
