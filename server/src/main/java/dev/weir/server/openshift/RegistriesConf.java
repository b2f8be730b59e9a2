package dev.weir.server.openshift;

import java.util.List;
import java.util.stream.Collectors;

/** registries.conf, version 2, by which podman, skopeo, buildah and CRI-O pull through weir on a host without a cluster. */
final class RegistriesConf {
  static final String FILE = "hosts/registries.conf.d/50-weir.conf";

  private RegistriesConf() {}

  static Emitted of(Site site) {
    String trust = site.authority().isPresent()
        ? "      and its CA to /etc/containers/certs.d/" + site.door() + "/ca.crt: weir certs show --pem\n"
        : "";
    return Emitted.open(FILE, Yaml.commented("""
        What: podman, skopeo, buildah and CRI-O on this host pull through %s.
        How:  copy it to /etc/containers/registries.conf.d/
        %sTry:  podman pull IMAGE; who must log in: podman login %s
        """.formatted(site.door(), trust, site.door())) + tables(site, site.sources(), false));
  }

  /** @param digestsOnly whether tags are left to the sources, as assisted-service wants it */
  static String tables(Site site, List<Source> sources, boolean digestsOnly) {
    return sources.stream().map(source -> table(site, source, digestsOnly)).collect(Collectors.joining());
  }

  private static String table(Site site, Source source, boolean digestsOnly) {
    StringBuilder toml = new StringBuilder("\n[[registry]]\n");
    toml.append("prefix = \"").append(source.location()).append("\"\n");
    toml.append("location = \"").append(source.location()).append("\"\n");
    if (digestsOnly) {
      toml.append("mirror-by-digest-only = true\n");
    }
    if (site.mirrorsOnly()) {
      toml.append("blocked = true\n");
    }
    for (String mirror : site.mirrors(source)) {
      toml.append("\n[[registry.mirror]]\nlocation = \"").append(mirror).append("\"\n");
      if (site.isPlain()) {
        toml.append("insecure = true\n");
      }
    }
    return toml.toString();
  }
}
