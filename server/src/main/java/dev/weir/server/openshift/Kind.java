package dev.weir.server.openshift;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be asked for, in the order in which it is to be applied. */
public enum Kind {
  /** The cluster's pull secret with an entry for weir. */
  PULL_SECRET,
  /** The ConfigMap with weir's CA, and what makes the cluster use it. */
  CA,
  /** ImageDigestMirrorSet and ImageTagMirrorSet; up to 4.12 ImageContentSourcePolicy. */
  MIRRORS,
  /** The signatures of the releases that weir has. */
  SIGNATURES,
  /** CatalogSource and ClusterCatalog of each catalog. */
  CATALOGS,
  /** A cluster's own update graph. */
  UPDATE_SERVICE,
  /** The samples operator's settings. */
  SAMPLES,
  /** The cluster's own registry on a claim of its own. */
  IMAGE_REGISTRY,
  /** Part of install-config.yaml. */
  INSTALL_CONFIG,
  /** assisted-service's mirror registry. */
  ASSISTED,
  /** registries.conf for podman and CRI-O on one host. */
  REGISTRIES_CONF,
  /** containerd's hosts.toml for one host. */
  HOSTS_TOML;

  /** As on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** @throws IllegalArgumentException if there is none of that name; the message is a sentence */
  public static Kind parse(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + word + "' is nothing that weir can say to OpenShift; it can: "
                + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", ")) + ", all, recover"));
  }

  /** Why it cannot be made of these; empty: it can. */
  public Optional<String> lacks(Inputs inputs) {
    return switch (this) {
      case PULL_SECRET -> sentenceUnless(inputs.login().isPresent() && inputs.pullSecret().isPresent(),
          "the cluster's login at weir (--user) and the pull secret so far (--pull-secret), lest what is in it be lost");
      case CA -> switch (inputs.site().transport()) {
        case Transport.Trusted _ -> sentenceIf(!inputs.images().keepsOut(inputs.site().door()),
            "ca is not needed: weir's certificate is of a CA that everybody trusts");
        case Transport.Plain _ -> Optional.empty();
        case Transport.Authority _ -> sentenceUnless(inputs.authorities().isPresent(),
            "the ConfigMap with the CAs that the cluster trusts so far (--ca-configmap), lest they be lost, or"
                + " --no-ca-configmap where the cluster has none");
      };
      case SIGNATURES -> sentenceUnless(!inputs.signatures().isEmpty(),
          "a release that weir has with its signatures; weir precache --release brings them");
      case CATALOGS -> sentenceUnless(!inputs.catalogs().isEmpty(),
          "a catalog (--catalog registry.redhat.io/redhat/redhat-operator-index:v4.16)");
      case UPDATE_SERVICE -> sentenceUnless(inputs.updateService().isPresent(),
          "the graph's image (--graph-image) and the repository that releases were pushed to (--release-at)");
      case SAMPLES -> sentenceUnless(inputs.samples().isPresent(),
          "the ConfigMap imagestreamtag-to-image of the cluster (--samples)");
      case IMAGE_REGISTRY -> sentenceUnless(inputs.imageRegistry().isPresent(),
          "the name of the claim for the cluster's own registry (--claim)");
      case MIRRORS -> inputs.site().mirrorsOnly() && !inputs.site().version().hasMirrorSets()
          ? Optional
              .of("mirrors cannot say --never-contact-source to a cluster before 4.13: its ImageContentSourcePolicy"
                  + " has no word for it, and nodes would go on to ask the sources")
          : unlessUpstreams(inputs);
      case INSTALL_CONFIG, ASSISTED, REGISTRIES_CONF, HOSTS_TOML ->
        unlessUpstreams(inputs);
    };
  }

  private static Optional<String> sentenceIf(boolean so, String sentence) {
    return so ? Optional.of(sentence) : Optional.empty();
  }

  private Optional<String> unlessUpstreams(Inputs inputs) {
    return inputs.site().sources().isEmpty()
        ? Optional.of(word() + " has nothing to say: weir has no upstreams")
        : Optional.empty();
  }

  private Optional<String> sentenceUnless(boolean there, String lacking) {
    return there ? Optional.empty() : Optional.of(word() + " needs " + lacking);
  }

  /** @throws IllegalArgumentException if it cannot be made; the message is a sentence */
  public List<Emitted> emit(Inputs inputs) {
    lacks(inputs).ifPresent(sentence -> {
      throw new IllegalArgumentException(sentence);
    });
    Site site = inputs.site();
    return switch (this) {
      case PULL_SECRET -> inputs.merged().map(secret -> PullSecrets.of(site, secret)).orElse(List.of());
      case CA -> TrustedAuthorities.of(site, inputs);
      case MIRRORS -> MirrorSets.of(site);
      case SIGNATURES -> inputs.signatures().stream().flatMap(each -> each.emitted().stream()).toList();
      case CATALOGS -> Catalogs.of(site, inputs.catalogs());
      case UPDATE_SERVICE -> inputs.updateService().map(service -> service.emitted(site)).orElse(List.of());
      case SAMPLES -> inputs.samples().map(samples -> samples.emitted(site, inputs.held())).orElse(List.of());
      case IMAGE_REGISTRY -> inputs.imageRegistry().map(ImageRegistry::emitted).orElse(List.of());
      case INSTALL_CONFIG -> List.of(InstallConfig.of(site, inputs.merged()));
      case ASSISTED -> List.of(AssistedInstaller.of(site));
      case REGISTRIES_CONF -> List.of(RegistriesConf.of(site));
      case HOSTS_TOML -> ContainerdHosts.of(site);
    };
  }
}
