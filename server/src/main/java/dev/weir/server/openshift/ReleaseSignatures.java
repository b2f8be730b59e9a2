package dev.weir.server.openshift;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import dev.weir.storage.Digest;

/**
 * Signatures of releases, by which a cluster lets itself be updated to them where it cannot ask Red Hat.
 *
 * @param release    the release image
 * @param signatures OpenPGP messages by their numbers, from 1 on
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReleaseSignatures(Digest release, SortedMap<Integer, byte[]> signatures) {

  List<Emitted> emitted() {
    String name = release.algorithm() + "-" + release.hex();
    Map<String, Object> map = Yaml.object("v1", "ConfigMap", Yaml.map("name", name, "namespace",
        "openshift-config-managed", "labels", Yaml.map("release.openshift.io/verification-signatures", "")));
    Map<String, String> data = new LinkedHashMap<>();
    signatures
        .forEach((number, content) -> data.put(name + "-" + number, Base64.getEncoder().encodeToString(content)));
    map.put("binaryData", data);
    String file = "40-signature-" + release.algorithm() + "-" + release.hex().substring(0, 16) + ".yaml";
    return List.of(Emitted.open(file, Yaml.text("""
        What: Red Hat's signatures of the release %s.
        When: before an update to it; a cluster without the way to Red Hat's store refuses it otherwise.
        How:  oc apply -f %s
              oc adm upgrade --allow-explicit-upgrade --to-image=quay.io/openshift-release-dev/ocp-release@%s
        """.formatted(release, file, release), map)));
  }
}
