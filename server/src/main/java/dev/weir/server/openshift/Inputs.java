package dev.weir.server.openshift;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.weir.server.release.PullSpec;

/**
 * Everything that texts are made from.
 *
 * @param login         of the cluster at this weir
 * @param pullSecret    what the cluster, or its owner, has so far
 * @param authorities   what the cluster trusts so far; {@link ConfigMap#NONE}: it has no such ConfigMap; empty: nobody said
 * @param imageConfig   the cluster's image configuration so far
 * @param catalogs      by the names that they have upstream
 * @param signatures    of releases
 * @param samples       that the cluster wants
 * @param held          which of {@link Samples#wanted} weir has
 * @param updateService the cluster's own service of the update graph
 * @param imageRegistry where the cluster's own registry is to be
 */
public record Inputs(Site site, Optional<Login> login, Optional<PullSecretFile> pullSecret,
    Optional<ConfigMap> authorities, Optional<ImageConfigFile> imageConfig, List<PullSpec> catalogs,
    List<ReleaseSignatures> signatures,
    Optional<Samples> samples, Set<String> held, Optional<UpdateService> updateService,
    Optional<ImageRegistry> imageRegistry) {

  public Inputs {
    catalogs = List.copyOf(catalogs);
    signatures = List.copyOf(signatures);
    held = Set.copyOf(held);
  }

  /** What is known of the cluster's image configuration. */
  ImageConfigFile images() {
    return imageConfig.orElse(ImageConfigFile.UNKNOWN);
  }

  /** The pull secret with weir in it. Empty: there is neither. */
  Optional<PullSecretFile> merged() {
    return login.map(known -> pullSecret.orElseGet(PullSecretFile::empty).with(site.door(), known))
        .or(() -> pullSecret);
  }
}
