package dev.weir.server.openshift;

import java.util.List;
import java.util.Map;

import dev.weir.server.release.PullSpec;

/**
 * A cluster's own service of the update graph (OpenShift Update Service). It looks through all tags of the releases'
 * repository, so that has to be one that somebody pushed releases to, not all of upstream's.
 *
 * @param graphImage the graph's data, as {@code NAME:TAG} here or by its whole name
 * @param releases   the path of that repository here
 */
public record UpdateService(String graphImage, String releases) {
  private static final String FILE = "55-update-service.yaml";

  /** @throws IllegalArgumentException if the graph's image has no tag or digest, or is of a registry that is not mirrored */
  List<Emitted> emitted(Site site) {
    Map<String, Object> service = Yaml.object("updateservice.operator.openshift.io/v1", "UpdateService",
        Yaml.map("name", "weir", "namespace", "openshift-update-service"));
    service.put("spec",
        Yaml.map("replicas", 2, "releases", site.door() + "/" + releases, "graphDataImage", graph(site)));
    return List.of(Emitted.open(FILE,
        Yaml.text(
            """
                What: the cluster's own update graph, out of the releases in %s.
                When: once the operator cincinnati-operator is installed in openshift-update-service, and 20-ca.yaml is in force.
                How:  oc apply -f %s; then the cluster is told to ask it:
                      URI=$(oc get updateservice weir -n openshift-update-service -o jsonpath='{.status.policyEngineURI}')
                      oc patch clusterversion version --type=merge -p "{\\"spec\\":{\\"upstream\\":\\"$URI/api/upgrades_info/v1/graph\\"}}"
                """
                .formatted(releases, FILE),
            service)));
  }

  private String graph(Site site) {
    String name = graphImage;
    if (isWhole(name)) {
      PullSpec image = PullSpec.parse(name);
      String end = name.substring(image.source().length());
      name = site.path(image).orElseThrow(() -> new IllegalArgumentException(
          "weir has no upstream for the graph's image " + graphImage + ": add " + image.registry()
              + " to its upstreams"))
          + end;
    }
    if (!name.substring(name.lastIndexOf('/') + 1).matches("[^:@]+[:@].+")) {
      throw new IllegalArgumentException("which " + graphImage + "? Add a tag, such as :latest");
    }
    return site.door() + "/" + name;
  }

  private static boolean isWhole(String name) {
    String first = name.substring(0, Math.max(0, name.indexOf('/')));
    return first.contains(".") || first.contains(":");
  }
}
