package dev.weir.server.openshift;

import java.util.List;

/** containerd's hosts.toml, one for each registry: MicroShift's relatives, kind, k3s. */
final class ContainerdHosts {
  private static final String ROOT = "hosts/containerd/certs.d/";
  private static final String DOCKER_HUB = "docker.io";

  private ContainerdHosts() {}

  /** For whole registries alone: containerd knows no part of one. */
  static List<Emitted> of(Site site) {
    return site.sources().stream().filter(source -> !source.location().contains("/"))
        .filter(source -> source.paths().equals(List.of(source.location()))).map(source -> hosts(site, source))
        .toList();
  }

  private static Emitted hosts(Site site, Source source) {
    String registry = source.location();
    String server = registry.equals(DOCKER_HUB) ? "registry-1.docker.io" : registry;
    String file = ROOT + registry + "/hosts.toml";
    StringBuilder toml = new StringBuilder(Yaml.commented("""
        What: containerd on this host pulls %s's images through %s.
        How:  copy it to /etc/containerd/certs.d/%s/hosts.toml, where config_path of containerd's registry settings
              is /etc/containerd/certs.d; it is read at the next pull.
        %s""".formatted(registry, site.door(), registry, site.authority().isPresent()
        ? "      The CA goes to /etc/containerd/certs.d/weir-ca.crt: weir certs show --pem\n"
        : "")));
    if (!site.mirrorsOnly()) {
      toml.append("server = \"https://").append(server).append("\"\n");
    } else {
      toml.append("server = \"").append(address(site)).append("\"\n");
    }
    toml.append("\n[host.\"").append(address(site)).append("\"]\ncapabilities = [\"pull\", \"resolve\"]\n");
    if (site.authority().isPresent()) {
      toml.append("ca = \"/etc/containerd/certs.d/weir-ca.crt\"\n");
    }
    return Emitted.open(file, toml.toString());
  }

  private static String address(Site site) {
    return (site.isPlain() ? "http://" : "https://") + site.door();
  }
}
