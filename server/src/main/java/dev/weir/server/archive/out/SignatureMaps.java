package dev.weir.server.archive.out;

import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.weir.server.archive.OcTree;
import dev.weir.storage.Digest;

/**
 * The signatures of releases as the ConfigMaps that {@code oc … --to-dir} makes of them: a cluster takes them, and so does whoever
 * imports them.
 */
final class SignatureMaps {
  private SignatureMaps() {}

  /** Files by their paths, as {@link OcTree#signature} has them. */
  static SortedMap<String, String> of(Cargo cargo) {
    Map<Digest, Map<Integer, byte[]>> all = new HashMap<>();
    cargo.signatures().forEach(each -> all.computeIfAbsent(each.release(), fresh -> new LinkedHashMap<>())
        .put(each.number(), each.message()));
    SortedMap<String, String> files = new TreeMap<>();
    all.forEach((release, messages) -> files.put(OcTree.signature(release, "json"), text(release, messages)));
    return files;
  }

  private static String text(Digest release, Map<Integer, byte[]> messages) {
    String name = release.algorithm() + "-" + release.hex();
    ObjectNode map = Contents.JSON.createObjectNode().put("kind", "ConfigMap").put("apiVersion", "v1");
    ObjectNode metadata = map.putObject("metadata").put("name", name).put("namespace", "openshift-config-managed");
    metadata.putObject("labels").put("release.openshift.io/verification-signatures", "");
    ObjectNode data = map.putObject("binaryData");
    messages.forEach((number, message) -> data.put(name + "-" + number, Base64.getEncoder().encodeToString(message)));
    return map.toPrettyString() + "\n";
  }
}
