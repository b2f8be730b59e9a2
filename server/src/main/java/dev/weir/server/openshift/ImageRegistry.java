package dev.weir.server.openshift;

import java.util.List;
import java.util.Map;

/**
 * The registry that every cluster has of its own, for what is built and pushed there: it goes on beside weir, on a claim
 * of its own.
 *
 * @param claim the name of the PersistentVolumeClaim
 * @param size  such as {@code 100Gi}
 */
public record ImageRegistry(String claim, String size) {
  /** A patch leaves them beside the claim where it does not say that they go, and the operator refuses two. */
  private static final List<String> OTHERS = List.of("emptyDir", "s3", "gcs", "swift", "azure", "ibmcos", "oss");
  private static final String NAMESPACE = "openshift-image-registry";
  private static final String CLAIM_FILE = "70-image-registry-claim.yaml";
  private static final String CONFIG_FILE = "71-image-registry.yaml";

  public ImageRegistry {
    if (!claim.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")) {
      throw new IllegalArgumentException("'" + claim + "' is no name of a claim: lower-case letters, digits, - and .");
    }
    if (!size.matches("[1-9][0-9]*(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?")) {
      throw new IllegalArgumentException("'" + size + "' is no size of a claim, such as 100Gi");
    }
  }

  List<Emitted> emitted() {
    return List.of(Emitted.open(CLAIM_FILE, claimText()), Emitted.open(CONFIG_FILE, configText()));
  }

  private String claimText() {
    Map<String, Object> object = Yaml.object("v1", "PersistentVolumeClaim",
        Yaml.map("name", claim, "namespace", NAMESPACE));
    object.put("spec", Yaml.map("accessModes", List.of("ReadWriteMany"), "resources",
        Yaml.map("requests", Yaml.map("storage", size))));
    return Yaml.text(
        """
            What: room for the cluster's own registry: a volume, or a local path, that weir does not use.
            When: before %s; leave it out where there is such a claim already.
            How:  oc apply -f %s
            Note: ReadWriteMany binds to a local volume of that mode; for block storage put ReadWriteOnce, and replicas: 1 and
                  rolloutStrategy: Recreate into spec of %s.
            """
            .formatted(CONFIG_FILE, CLAIM_FILE, CONFIG_FILE),
        object);
  }

  private String configText() {
    Map<String, Object> object = Yaml.object("imageregistry.operator.openshift.io/v1", "Config",
        Yaml.map("name", "cluster"));
    Map<String, Object> storage = Yaml.map("managementState", "Unmanaged", "pvc", Yaml.map("claim", claim));
    OTHERS.forEach(other -> storage.put(other, null));
    object.put("spec", Yaml.map("managementState", "Managed", "storage", storage));
    return Yaml.text("""
        What: the cluster's own registry runs on the claim %s, beside weir, and trusts what 21-image-config.yaml names.
        When: after %s.
        How:  oc patch configs.imageregistry.operator.openshift.io/cluster --type=merge --patch-file=%s
        """.formatted(claim, CLAIM_FILE, CONFIG_FILE), object);
  }
}
