package dev.weir.server.openshift;

import java.util.List;
import java.util.Map;

/** The objects by which all nodes of a cluster pull through weir. */
final class MirrorSets {
  static final String DIGESTS = "30-imagedigestmirrorset.yaml";
  static final String TAGS = "31-imagetagmirrorset.yaml";
  static final String OLD = "30-imagecontentsourcepolicy.yaml";
  private static final String NAME = "weir";

  /** Begins what is said of when to apply one. */
  private static final String FIRST = """
      When: after a look at what mirrors the cluster has: oc get idms,itms,imagecontentsourcepolicy
            A source that is in one of them with another policy than here makes nodes Degraded: take it out of there first.
      """;

  private MirrorSets() {}

  static List<Emitted> of(Site site) {
    return site.version().hasMirrorSets() ? List.of(digests(site), tags(site)) : List.of(old(site));
  }

  private static Emitted digests(Site site) {
    Map<String, Object> set = Yaml.object("config.openshift.io/v1", "ImageDigestMirrorSet", Yaml.map("name", NAME));
    set.put("spec", Yaml.map("imageDigestMirrors", entries(site)));
    return Emitted.open(DIGESTS,
        Yaml.text(
            """
                What: nodes pull images that are named by digest, releases and operators among them, through %s.
                %s%s      Then once 10-pull-secret.yaml and 20-ca.yaml are in force where they are among these files; before an update.
                How:  oc apply -f %s
                      CRI-O takes it up without a reboot; watch it with: oc get mcp
                %s"""
                .formatted(site.door(), FIRST, clash(site), DIGESTS, policy(site)),
            set));
  }

  private static Emitted tags(Site site) {
    Map<String, Object> set = Yaml.object("config.openshift.io/v1", "ImageTagMirrorSet", Yaml.map("name", NAME));
    set.put("spec", Yaml.map("imageTagMirrors", entries(site)));
    return Emitted.open(TAGS, Yaml.text("""
        What: nodes and image streams pull images that are named by tag, catalogs and samples among them, through %s.
        %s      Then after %s; each node is drained, one after the other, when this changes.
        How:  oc apply -f %s
        %s""".formatted(site.door(), FIRST, DIGESTS, TAGS, policy(site)), set));
  }

  private static String clash(Site site) {
    return site.version().mayClashWithPolicies()
        ? """
                  Before 4.13.27 and 4.14.3 an ImageContentSourcePolicy cannot be there together with this one: move it first, by
                  oc adm migrate icsp FILE, or say --version 4.12 to weir.
            """
        : "";
  }

  private static String policy(Site site) {
    return site.mirrorsOnly()
        ? "Note: NeverContactSource: what weir cannot give is not asked for anywhere else. Nodes are drained for it.\n"
        : "";
  }

  private static List<Map<String, Object>> entries(Site site) {
    return site.sources().stream().map(source -> {
      Map<String, Object> entry = Yaml.map("source", source.location(), "mirrors", site.mirrors(source));
      if (site.mirrorsOnly()) {
        entry.put("mirrorSourcePolicy", "NeverContactSource");
      }
      return entry;
    }).toList();
  }

  private static Emitted old(Site site) {
    Map<String, Object> policy = Yaml.object("operator.openshift.io/v1alpha1", "ImageContentSourcePolicy",
        Yaml.map("name", NAME));
    policy.put("spec", Yaml.map("repositoryDigestMirrors", site.sources().stream()
        .map(source -> Yaml.map("source", source.location(), "mirrors", site.mirrors(source))).toList()));
    return Emitted.open(OLD, Yaml.text("""
        What: nodes pull images that are named by digest through %s. Up to 4.12, images named by tag have no mirrors:
              catalogs and samples need this weir in their names.
        %s      Then once 10-pull-secret.yaml and 20-ca.yaml are in force where they are among these files.
        How:  oc apply -f %s
              Up to 4.12 each node is drained, and may reboot, one after the other; watch it with: oc get mcp
        """.formatted(site.door(), FIRST, OLD), policy));
  }
}
