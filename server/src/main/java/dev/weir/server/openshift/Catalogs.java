package dev.weir.server.openshift;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.weir.server.release.PullSpec;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Catalogs of operators that weir has. */
final class Catalogs {
  private static final String HUB = "50-operatorhub.yaml";
  private static final int SHOWN_HEX = 12;
  private static final int TOLD_APART_HEX = 8;
  /** With what stands before it, a label's 63. */
  private static final int LONGEST = 60;

  private Catalogs() {}

  /** @throws IllegalArgumentException if weir mirrors nothing that one of them could come from */
  static List<Emitted> of(Site site, List<PullSpec> indexes) {
    List<Emitted> all = new ArrayList<>();
    all.add(hub());
    for (PullSpec index : indexes) {
      if (index.reference().isEmpty()) {
        throw new IllegalArgumentException("which catalog of " + index + "? Add a tag, such as :v4.16, or a digest");
      }
      String path = site.path(index).orElseThrow(() -> new IllegalArgumentException(
          "weir has no upstream for the catalog " + index + ": add " + index.registry() + " to its upstreams"));
      String image = site.door() + "/" + path
          + index.digest().map(digest -> "@" + digest).orElseGet(() -> index.tag().map(tag -> ":" + tag).orElse(""));
      String name = name(index, indexes);
      all.add(source(index, image, name));
      if (site.version().hasClusterCatalogs()) {
        all.add(clusterCatalog(index, image, name));
      }
    }
    return all;
  }

  private static Emitted hub() {
    Map<String, Object> hub = Yaml.object("config.openshift.io/v1", "OperatorHub", Yaml.map("name", "cluster"));
    hub.put("spec", Yaml.map("disableAllDefaultSources", true));
    return Emitted.open(HUB, Yaml.text("""
        What: the cluster no longer asks for the catalogs that it cannot reach.
        When: before the catalogs of this weir. Leave it out where the default catalogs come through the mirror sets.
        How:  oc patch operatorhub.config.openshift.io/cluster --type=merge --patch-file=%s
        """.formatted(HUB), hub));
  }

  private static Emitted source(PullSpec index, String image, String plain) {
    String name = "cs-" + plain;
    Map<String, Object> spec = Yaml.map("sourceType", "grpc", "image", image, "displayName",
        last(index) + " (weir)", "publisher", "weir");
    if (index.digest().isEmpty()) {
      spec.put("updateStrategy", Yaml.map("registryPoll", Yaml.map("interval", "60m")));
    }
    Map<String, Object> catalog = Yaml.object("operators.coreos.com/v1alpha1", "CatalogSource",
        Yaml.map("name", name, "namespace", "openshift-marketplace"));
    catalog.put("spec", spec);
    String file = "51-" + name + ".yaml";
    return Emitted.open(file, Yaml.text("""
        What: the operators of %s, to be installed from this weir.
        When: after the mirror sets, by which the operators' own images are pulled.
        How:  oc apply -f %s; then: oc get packagemanifest
        """.formatted(index, file), catalog));
  }

  private static Emitted clusterCatalog(PullSpec index, String image, String plain) {
    String name = "cc-" + plain;
    Map<String, Object> from = Yaml.map("ref", image);
    if (index.digest().isEmpty()) {
      from.put("pollIntervalMinutes", 60);
    }
    Map<String, Object> catalog = Yaml.object("olm.operatorframework.io/v1", "ClusterCatalog", Yaml.map("name", name));
    catalog.put("spec", Yaml.map("priority", 0, "source", Yaml.map("type", "Image", "image", from)));
    String file = "52-" + name + ".yaml";
    return Emitted.open(file, Yaml.text("""
        What: the same catalog for ClusterExtensions (OLM v1, from 4.18 on).
        When: as the CatalogSource beside it; leave it out where nobody uses ClusterExtensions.
        How:  oc apply -f %s
        """.formatted(file), catalog));
  }

  private static String last(PullSpec index) {
    String path = index.repository().value();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** One of its own, also where two indexes are named alike, and short enough for the label that it becomes. */
  private static String name(PullSpec index, List<PullSpec> all) {
    String name = name(index);
    long alike = all.stream().distinct().filter(other -> name(other).equals(name)).count();
    if (alike < 2 && name.length() <= LONGEST) {
      return name;
    }
    String hex = Digest.sha256(index.toString().getBytes(UTF_8)).hex().substring(0, TOLD_APART_HEX);
    return name.substring(0, Math.min(name.length(), LONGEST - 1 - TOLD_APART_HEX)) + "-" + hex;
  }

  /** As names of objects have to be. */
  private static String name(PullSpec index) {
    String version = index.digest().map(digest -> digest.hex().substring(0, SHOWN_HEX))
        .orElseGet(() -> index.tag().map(Object::toString).orElse(""));
    return (last(index) + "-" + version).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "");
  }
}
