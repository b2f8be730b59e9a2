package dev.weir.server.openshift;

import java.util.Base64;
import java.util.List;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The pull secret of a cluster, with weir in it. */
final class PullSecrets {
  static final String MANIFEST = "10-pull-secret.yaml";
  static final String JSON = "data/pull-secret.json";

  private PullSecrets() {}

  static List<Emitted> of(Site site, PullSecretFile secret) {
    Map<String, Object> manifest = Yaml.object("v1", "Secret",
        Yaml.map("name", "pull-secret", "namespace", "openshift-config"));
    manifest.put("type", "kubernetes.io/dockerconfigjson");
    manifest.put("data",
        Yaml.map(".dockerconfigjson", Base64.getEncoder().encodeToString(secret.json().getBytes(UTF_8))));
    String text = Yaml.text("""
        What: the cluster's credentials, the entry for %2$s among them (%1$d entries). Keep this file to yourself.
        When: first; nodes need no reboot for it.
        How:  oc set data secret/pull-secret -n openshift-config --from-file=.dockerconfigjson=%3$s
              or: oc apply -f %4$s
        Note: it takes the place of the one in the cluster, and is to be made from just that one:
              oc get secret/pull-secret -n openshift-config -o yaml > before.yaml
              weir openshift pull-secret --pull-secret before.yaml --user NAME --password-file FILE --to DIRECTORY
        """.formatted(secret.entries(), site.door(), JSON, MANIFEST), manifest);
    return List.of(new Emitted(MANIFEST, text, true), new Emitted(JSON, secret.json() + "\n", true));
  }
}
