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

  private static final String REPLACES = """
      Note: the list takes the place of one that is there. Let weir see that one, so that its entries stay:
        oc get image.config.openshift.io/cluster -o yaml > image-config.yaml
        weir openshift ca --image-config image-config.yaml
      """;

  private TrustedAuthorities() {}

  /**
   * What there is to be told.
   *
   * @throws IllegalArgumentException if what the cluster has so far contradicts it
   */
  static List<Emitted> of(Site site, Inputs inputs) {
    inputs.images().contradiction(site.door(), inputs.authorities()).ifPresent(sentence -> {
      throw new IllegalArgumentException(sentence);
    });
    Optional<ConfigMap> existing = inputs.authorities();
    return switch (site.transport()) {
      case Transport.Authority(Certificates certificates) ->
        List.of(authorities(site, certificates, existing, inputs.updateService().isPresent()),
            trusting(site, existing, inputs.images()));
      case Transport.Plain _ -> List.of(insecure(site, inputs));
      case Transport.Trusted _ -> inputs.images().keepsOut(site.door())
          ? List.of(allowed(site, inputs.images()))
          : List.of();
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

  private static Emitted trusting(Site site, Optional<ConfigMap> existing, ImageConfigFile before) {
    Map<String, Object> image = imageConfig();
    Map<String, Object> spec = Yaml.map("additionalTrustedCA", Yaml.map("name", name(existing)));
    if (before.keepsOut(site.door())) {
      spec.put("registrySources", before.sources(site.door(), false));
    }
    image.put("spec", spec);
    return Emitted.open(IMAGE_CONFIG, Yaml.text("""
        What: nodes, builds, image streams and the integrated registry trust %s.
        When: after %s.
        How:  oc patch image.config.openshift.io/cluster --type=merge --patch-file=%s
        """.formatted(site.door(), AUTHORITIES, IMAGE_CONFIG) + allowing(site, before), image));
  }

  private static String allowing(Site site, ImageConfigFile before) {
    return before.keepsOut(site.door())
        ? "Note: the cluster allows only some registries; this one is added to them. Each node is drained for it.\n"
        : "";
  }

  private static Emitted allowed(Site site, ImageConfigFile before) {
    Map<String, Object> image = imageConfig();
    image.put("spec", Yaml.map("registrySources", before.sources(site.door(), false)));
    return Emitted.open(IMAGE_CONFIG, Yaml.text("""
        What: %s is among the registries that images may come from.
        When: before the mirror sets.
        How:  oc patch image.config.openshift.io/cluster --type=merge --patch-file=%s
        """.formatted(site.door(), IMAGE_CONFIG) + allowing(site, before), image));
  }

  private static Emitted insecure(Site site, Inputs inputs) {
    Map<String, Object> image = imageConfig();
    image.put("spec", Yaml.map("registrySources", inputs.images().sources(site.door(), true)));
    return Emitted.open(IMAGE_CONFIG,
        Yaml.text(
            """
                What: nodes speak plain HTTP to %s, as weir does. Better give weir TLS: http.tls.auto: true in its configuration.
                When: before the mirror sets; each node is drained, one after the other.
                How:  oc patch image.config.openshift.io/cluster --type=merge --patch-file=%s
                """
                .formatted(site.door(), IMAGE_CONFIG)
                + (inputs.imageConfig().isPresent()
                    ? "Note: what the cluster's list held before is among it.\n" + allowing(site, inputs.images())
                    : REPLACES),
            image));
  }

  private static Map<String, Object> imageConfig() {
    return Yaml.object("config.openshift.io/v1", "Image", Yaml.map("name", "cluster"));
  }
}
