package dev.weir.server.openshift;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A ConfigMap that a cluster has already, as {@code oc get configmap NAME -o yaml} gives it.
 *
 * @param data in the order given
 */
public record ConfigMap(String name, String namespace, Map<String, String> data) {
  /** For a cluster that has none. */
  public static final ConfigMap NONE = new ConfigMap("", "", Map.of());

  public ConfigMap {
    data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }

  /** @throws IllegalArgumentException if it is none; the message is the end of a sentence about it */
  public static ConfigMap parse(String text) {
    JsonNode root = Yaml.parse(text);
    JsonNode map = root.path("kind").asText().equals("List") && root.path("items").size() == 1
        ? root.path("items").path(0)
        : root;
    if (!map.path("kind").asText().equals("ConfigMap")) {
      throw new IllegalArgumentException("is no ConfigMap, as oc get configmap NAME -o yaml gives it");
    }
    if (map.hasNonNull("binaryData")) {
      throw new IllegalArgumentException("is a ConfigMap with binaryData, where all is expected in data");
    }
    Map<String, String> data = new LinkedHashMap<>();
    map.path("data").properties().forEach(entry -> data.put(entry.getKey(), entry.getValue().asText()));
    return new ConfigMap(map.path("metadata").path("name").asText(), map.path("metadata").path("namespace").asText(),
        data);
  }
}
