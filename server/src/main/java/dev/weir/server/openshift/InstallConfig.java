package dev.weir.server.openshift;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the installer is to be told, so that a cluster pulls through weir from its first minute on. */
final class InstallConfig {
  static final String FILE = "install/install-config-part.yaml";

  private InstallConfig() {}

  static Emitted of(Site site, Optional<PullSecretFile> secret) {
    Map<String, Object> part = new LinkedHashMap<>();
    secret.ifPresent(known -> part.put("pullSecret", known.json()));
    site.authority().ifPresent(certificates -> part.put("additionalTrustBundle", certificates.pem()));
    List<Map<String, Object>> sources = site.sources().stream()
        .map(source -> Yaml.map("mirrors", site.mirrors(source), "source", source.location())).toList();
    part.put(site.version().hasDigestSources() ? "imageDigestSources" : "imageContentSources", sources);
    return new Emitted(FILE, Yaml.text("""
        What: part of install-config.yaml: the cluster is installed through %s.
        When: before openshift-install create manifests (or agent create image); a release is best precached by then:
              weir precache --release quay.io/openshift-release-dev/ocp-release:VERSION-ARCH
        How:  put these keys into install-config.yaml, in place of those of the same names.
        %s%s""".formatted(site.door(),
        secret.isPresent() ? "Note: it holds credentials. Keep this file to yourself.\n" : "",
        site.isPlain() ? "Note: weir speaks plain HTTP, which an installation cannot use: give it TLS first.\n" : ""),
        part), secret.isPresent());
  }
}
