package dev.weir.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

import dev.weir.server.config.ConfigException;
import dev.weir.server.openshift.ClusterVersion;
import dev.weir.server.openshift.ConfigMap;
import dev.weir.server.openshift.Emitted;
import dev.weir.server.openshift.ImageConfigFile;
import dev.weir.server.openshift.ImageRegistry;
import dev.weir.server.openshift.Inputs;
import dev.weir.server.openshift.Kind;
import dev.weir.server.openshift.Login;
import dev.weir.server.openshift.PullSecretFile;
import dev.weir.server.openshift.Recovery;
import dev.weir.server.openshift.ReleaseSignatures;
import dev.weir.server.openshift.Samples;
import dev.weir.server.openshift.Site;
import dev.weir.server.openshift.UpdateService;
import dev.weir.server.release.PullSpec;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;

/** {@code weir openshift}: what a cluster is to be told, ready to be applied. Tells nobody itself. */
@Command(name = "openshift", description = {
    "Writes what OpenShift, and hosts without it, are to be told so that they pull through this weir.",
    "KIND is one or more of: pull-secret, ca, mirrors, signatures, catalogs, update-service, samples, image-registry,"
        + " install-config, assisted, registries-conf, hosts-toml; or all; or recover, for a cluster whose weir was lost.",
    "Files whose names begin with a number are for oc apply, in that order; each says what it does."})
final class OpenshiftCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final String RECOVER = "recover";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // read by picocli
  @Option(names = {"-h", "--help"}, usageHelp = true, description = "shows this help and ends") private boolean help;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Running running;

  @Parameters(arity = "0..*", paramLabel = "KIND", description = "see above") private List<String> words = List.of();

  @Option(names = "--to", paramLabel = "DIRECTORY", description = "where the files go; default: to standard output") private @Nullable Path to;

  @Option(names = "--host", paramLabel = "NAME[:PORT]", description = "how clusters reach this weir; default: http.host, else the name in its certificate") private @Nullable String host;

  @Option(names = "--version", paramLabel = "VERSION", description = "of OpenShift, such as 4.12; default: a current one") private @Nullable String version;

  @Option(names = "--never-contact-source", description = "clusters are not to ask the registries themselves where weir lacks a thing") private boolean mirrorsOnly;

  @Option(names = "--release-at", paramLabel = "PATH", description = "where releases were pushed to, such as ocp4/openshift4") private @Nullable String releasePath;

  @Option(names = "--ca", paramLabel = "FILE", description = "the CA of weir's certificate; default: weir's own, or what comes with the certificate") private @Nullable Path authority;

  @Option(names = "--public-ca", description = "everybody trusts weir's certificate") private boolean trusted;

  @Option(names = "--plain", description = "clients speak plain HTTP to weir, as on the very host that it runs on") private boolean plain;

  @Option(names = "--ca-configmap", paramLabel = "FILE", description = "the ConfigMap with CAs that the cluster uses so far (oc get configmap -o yaml)") private @Nullable Path authorities;

  @Option(names = "--no-ca-configmap", description = "the cluster has no such ConfigMap") private boolean noAuthorities;

  @Option(names = "--image-config", paramLabel = "FILE", description = "the cluster's image configuration so far (oc get image.config.openshift.io/cluster -o yaml): what is in its lists stays") private @Nullable Path imageConfig;

  @Option(names = "--pull-secret", paramLabel = "FILE", description = "the pull secret so far: the file, or the cluster's Secret") private @Nullable Path pullSecret;

  @Option(names = "--user", paramLabel = "NAME", description = "whom the cluster logs in to weir as") private @Nullable String user;

  @Option(names = "--password-file", paramLabel = "FILE", description = "the first line is that user's password; -: standard input") private @Nullable String passwordFile;

  @Option(names = "--catalog", paramLabel = "IMAGE", description = "an operators' index, by its name upstream; again for each") private List<String> catalogs = List
      .of();

  @Option(names = "--release", paramLabel = "DIGEST", description = "whose signatures are wanted; again for each; default: all that weir has") private List<String> releases = List
      .of();

  @Option(names = "--graph-image", paramLabel = "IMAGE", description = "the update graph's data for an UpdateService, such as openshift/graph-image:latest") private @Nullable String graphImage;

  @Option(names = "--samples", paramLabel = "FILE", description = "the cluster's ConfigMap imagestreamtag-to-image (oc get configmap -o yaml)") private @Nullable Path samples;

  @Option(names = "--claim", paramLabel = "NAME", description = "the volume claim for the cluster's own registry, such as image-registry-storage") private @Nullable String claim;

  @Option(names = "--claim-size", paramLabel = "SIZE", defaultValue = "100Gi", description = "of that claim; default: ${DEFAULT-VALUE}") private String claimSize = "100Gi";

  @Override
  public Integer call() throws IOException, ConfigException {
    try {
      write(chosen());
      return 0;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private List<Emitted> chosen() throws IOException, ConfigException {
    if (words.isEmpty()) {
      throw new IllegalArgumentException(
          "what is to be said to OpenShift? "
              + Stream.of(Kind.values()).map(Kind::word).collect(Collectors.joining(", "))
              + ", all or recover");
    }
    if (words.size() > 1 && (words.contains(RECOVER) || words.contains(ALL))) {
      throw new IllegalArgumentException("all and recover stand alone");
    }
    boolean some = !words.contains(ALL) && !words.contains(RECOVER);
    List<Kind> kinds = some ? words.stream().map(Kind::parse).distinct().sorted().toList() : List.of(Kind.values());
    Inputs inputs = inputs(words.contains(RECOVER) ? List.of(Kind.PULL_SECRET, Kind.CA, Kind.MIRRORS) : kinds);
    if (words.contains(RECOVER)) {
      return Recovery.of(inputs);
    }
    return kinds.stream().filter(kind -> some || isPossible(kind, inputs))
        .flatMap(kind -> kind.emit(inputs).stream()).toList();
  }

  private boolean isPossible(Kind kind, Inputs inputs) {
    Optional<String> lacking = kind.lacks(inputs);
    lacking.ifPresent(sentence -> say("left out: " + sentence));
    return lacking.isEmpty();
  }

  private Inputs inputs(List<Kind> kinds) throws IOException, ConfigException {
    OpenshiftSite.Said said = new OpenshiftSite.Said(Optional.ofNullable(host), Optional.ofNullable(authority), trusted,
        plain(),
        releases(), mirrorsOnly,
        version == null ? ClusterVersion.CURRENT : ClusterVersion.parse(version));
    Site site = new OpenshiftSite(running.load(), this::say).site(said);
    Optional<Samples> wanted = samples == null || !kinds.contains(Kind.SAMPLES)
        ? Optional.empty()
        : Optional.of(new Samples(parsed(samples, ConfigMap::parse).data()));
    return new Inputs(site, login(),
        pullSecret == null ? Optional.empty() : Optional.of(parsed(pullSecret, PullSecretFile::parse)),
        authorities(),
        imageConfig == null ? Optional.empty() : Optional.of(parsed(imageConfig, ImageConfigFile::parse)),
        catalogs.stream().map(PullSpec::parse).toList(),
        kinds.contains(Kind.SIGNATURES) ? signatures() : List.of(), wanted,
        wanted.isPresent() ? held(wanted.get().wanted(site).keySet()) : Set.of(),
        graphImage == null || releasePath == null
            ? Optional.empty()
            : Optional.of(new UpdateService(graphImage, releasePath)),
        Optional.ofNullable(claim).map(name -> new ImageRegistry(name, claimSize)));
  }

  private boolean plain() {
    if (plain && (trusted || authority != null)) {
      throw new IllegalArgumentException("--plain goes with no CA: neither --ca nor --public-ca");
    }
    return plain;
  }

  /** A path here, lest a host in it becomes a part of every mirror's name. */
  private Optional<String> releases() {
    if (releasePath == null) {
      return Optional.empty();
    }
    try {
      String first = releasePath.substring(0, Math.max(0, releasePath.indexOf('/')));
      if (first.contains(":") || first.equals("localhost")) {
        throw new IllegalArgumentException("it begins with a host");
      }
      return Optional.of(RepositoryName.parse(releasePath).value());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--release-at " + releasePath
          + " is no path here, such as ocp4/openshift4, without weir's host and without a tag: " + e.getMessage(), e);
    }
  }

  private Optional<ConfigMap> authorities() throws IOException {
    if (authorities == null) {
      return noAuthorities ? Optional.of(ConfigMap.NONE) : Optional.empty();
    }
    if (noAuthorities) {
      throw new IllegalArgumentException("--ca-configmap and --no-ca-configmap say opposite things");
    }
    return Optional.of(parsed(authorities, ConfigMap::parse));
  }

  /** What a text means. */
  @FunctionalInterface
  private interface Parser<T> {
    T parse(String text);
  }

  private static <T> T parsed(Path file, Parser<T> parser) throws IOException {
    try {
      return parser.parse(OpenshiftSite.text(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " " + e.getMessage(), e);
    }
  }

  private Optional<Login> login() throws IOException {
    if ((user == null) != (passwordFile == null)) {
      throw new IllegalArgumentException("--user and --password-file go together: no password is ever an argument");
    }
    if (user == null || passwordFile == null) {
      return Optional.empty();
    }
    String text = passwordFile.equals("-")
        ? new String(System.in.readAllBytes(), UTF_8)
        : OpenshiftSite.text(Path.of(passwordFile));
    return Optional.of(new Login(user, text.lines().findFirst().orElse("")));
  }

  private List<ReleaseSignatures> signatures() throws IOException, ConfigException {
    try (ObjectStore store = DataAtRest.forReading(running.load())) {
      return new HeldSignatures(store).of(releases);
    } catch (NoSuchFileException e) {
      if (!releases.isEmpty()) {
        throw new IOException("there are no signatures: weir has no data yet in " + e.getFile(), e);
      }
      return List.of();
    }
  }

  private Set<String> held(Set<String> images) throws IOException, ConfigException {
    return new TreeSet<>(new HeldImages(running).of(images));
  }

  private void write(List<Emitted> files) throws IOException {
    if (to != null) {
      new OutputFolder(to).write(files, this::say);
      return;
    }
    if (files.size() > 1 && !files.stream().allMatch(Emitted::isManifest)) {
      throw new IllegalArgumentException(
          "these are " + files.size() + " files, not all of them YAML: say --to DIRECTORY");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(files.stream().map(Emitted::text).collect(Collectors.joining("---\n")));
    out.flush();
  }

  private void say(String line) {
    spec.commandLine().getErr().println("weir: " + line);
    spec.commandLine().getErr().flush();
  }
}
