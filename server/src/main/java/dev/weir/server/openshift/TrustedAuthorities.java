package dev.weir.server.openshift;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What makes a cluster trust weir's CA, or take it without TLS. */
final class TrustedAuthorities {
  static final String AUTHORITIES = "20-ca.yaml";
  static final String IMAGE_CONFIG = "21-image-config.yaml";
  private static final String NAMESPACE = "openshift-config";
  private static final String NAME = "weir-ca";
  private static final String UPDATE_SERVICE_KEY = "updateservice-registry";

  private TrustedAuthorities() {}

  /**
   * What there is to be told.
   *
   * @param existing      the ConfigMap that the cluster uses so far; whatever it trusts stays trusted
   * @param updateService whether the cluster's own update graph needs the CA, too, under a key of its own
   */
  static List<Emitted> of(Site site, Optional<ConfigMap> existing, boolean updateService) {
    return switch (site.transport()) {
      case Transport.Authority(Certificates certificates) ->
        List.of(authorities(site, certificates, existing, updateService), trusting(site, existing));
      case Transport.Plain _ -> List.of(insecure(site));
      case Transport.Trusted _ -> List.of();
    };
  }

  private static String name(Optional<ConfigMap> existing) {
    return existing.map(ConfigMap::name).filter(name -> !name.isEmpty()).orElse(NAME);
  }

  private static Emitted authorities(Site site, Certificates certificates, Optional<ConfigMap> existing,
      boolean updateService) {
    Map<String, Object> map = Yaml.object("v1", "ConfigMap",
        Yaml.map("name", name(existing), "namespace", NAMESPACE));
    Map<String, String> data = data(site.door(), certificates, existing);
    if (updateService) {
      data.put(UPDATE_SERVICE_KEY, certificates.and(data.getOrDefault(UPDATE_SERVICE_KEY, "")).pem());
    }
    map.put("data", data);
    String merged = existing.filter(each -> !each.data().isEmpty()).isPresent()
        ? "Note: what the ConfigMap held before is among it.\n"
        : """
            Note: a cluster has one such ConfigMap. Do not apply this where the following prints another name than this one's,
                  but give that one to weir by --ca-configmap, so that they are merged:
              oc get image.config.openshift.io/cluster -o jsonpath='{.spec.additionalTrustedCA.name}'
              oc get configmap NAME -n openshift-config -o yaml > ca-before.yaml
              weir openshift ca --ca-configmap ca-before.yaml
            """;
    return Emitted.open(AUTHORITIES, Yaml.text("""
        What: the CA that signed the certificate of %s.
        When: before %s; nodes need no reboot for it.
        How:  oc apply -f %s
        """.formatted(site.door(), IMAGE_CONFIG, AUTHORITIES) + merged, map));
  }

  private static Map<String, String> data(Door door, Certificates certificates, Optional<ConfigMap> existing) {
    Map<String, String> data = new LinkedHashMap<>(existing.map(ConfigMap::data).orElse(Map.of()));
    String before = data.getOrDefault(door.authorityKey(), "");
    data.put(door.authorityKey(), certificates.and(before).pem());
    return data;
  }

  private static Emitted trusting(Site site, Optional<ConfigMap> existing) {
    Map<String, Object> image = imageConfig();
    image.put("spec", Yaml.map("additionalTrustedCA", Yaml.map("name", name(existing))));
    return Emitted.open(IMAGE_CONFIG, Yaml.text("""
        What: nodes, builds, image streams and the integrated registry trust %s.
        When: after %s.
        How:  oc patch image.config.openshift.io/cluster --type=merge --patch-file=%s
        """.formatted(site.door(), AUTHORITIES, IMAGE_CONFIG), image));
  }

  private static Emitted insecure(Site site) {
    Map<String, Object> image = imageConfig();
    image.put("spec", Yaml.map("registrySources", Yaml.map("insecureRegistries", List.of(site.door().toString()))));
    return Emitted.open(IMAGE_CONFIG,
        Yaml.text(
            """
                What: nodes speak plain HTTP to %s, as weir does. Better give weir TLS: http.tls.auto: true in its configuration.
                When: before the mirror sets; each node is drained, one after the other.
                How:  oc patch image.config.openshift.io/cluster --type=merge --patch-file=%s
                Note: the list takes the place of one that is there; add its entries here first:
                      oc get image.config.openshift.io/cluster -o jsonpath='{.spec.registrySources.insecureRegistries}'
                """
                .formatted(site.door(), IMAGE_CONFIG),
            image));
  }

  private static Map<String, Object> imageConfig() {
    return Yaml.object("config.openshift.io/v1", "Image", Yaml.map("name", "cluster"));
  }
}
