package dev.weir.server.openshift;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What assisted-service gives to the hosts that it discovers and installs. */
final class AssistedInstaller {
  static final String FILE = "install/assisted-mirror-registry.yaml";
  /** It wants parts of registries, never a whole one. */
  private static final List<String> PARTS = List.of("quay.io/edge-infrastructure",
      "registry.redhat.io/multicluster-engine", "registry.redhat.io/rhacm2", "registry.redhat.io/openshift4",
      "registry.redhat.io/rhel8", "registry.redhat.io/rhel9", "registry.redhat.io/ubi8", "registry.redhat.io/ubi9");

  private AssistedInstaller() {}

  static Emitted of(Site site) {
    Map<String, Object> map = Yaml.object("v1", "ConfigMap", Yaml.map("name", "weir-mirror-registry", "namespace",
        "multicluster-engine", "labels", Yaml.map("app", "assisted-service")));
    Map<String, Object> data = Yaml.map("registries.conf",
        "unqualified-search-registries = [\"registry.access.redhat.com\", \"docker.io\"]\n"
            + RegistriesConf.tables(site, sources(site), true));
    site.authority().ifPresent(certificates -> data.put("ca-bundle.crt", certificates.pem()));
    map.put("data", data);
    return Emitted.open(FILE, Yaml.text("""
        What: hosts that assisted-service discovers and installs pull through %s.
        When: before the AgentServiceConfig is made, or before the discovery ISO is made anew.
        How:  oc apply -f %s
              then spec.mirrorRegistryRef.name: weir-mirror-registry in the AgentServiceConfig
        Note: the pull secret of the cluster to be installed needs an entry for %s: weir openshift pull-secret
        """.formatted(site.door(), FILE, site.door()), map));
  }

  private static List<Source> sources(Site site) {
    Stream<Source> narrow = site.sources().stream().filter(source -> source.location().contains("/"));
    Stream<Source> parts = PARTS.stream().flatMap(part -> site.sources().stream()
        .filter(source -> !source.location().contains("/") && source.holds(part))
        .map(source -> new Source(part,
            source.paths().stream().map(path -> path + part.substring(source.location().length())).toList())));
    return Stream.concat(narrow, parts).toList();
  }
}
