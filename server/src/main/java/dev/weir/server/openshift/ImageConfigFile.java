package dev.weir.server.openshift;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a cluster's {@code image.config.openshift.io/cluster} says so far. A patch replaces its lists as a whole, so what is
 * added to one has to bring what is in it.
 *
 * @param authorities the name of the ConfigMap with the CAs; empty: there is none
 * @param insecure    registries that need no TLS
 * @param allowed     the only registries that images may come from; empty: all
 * @param blocked     registries that no image may come from
 */
public record ImageConfigFile(String authorities, List<String> insecure, List<String> allowed, List<String> blocked) {
  /** Where nobody said what there is. */
  static final ImageConfigFile UNKNOWN = new ImageConfigFile("", List.of(), List.of(), List.of());

  public ImageConfigFile {
    insecure = List.copyOf(insecure);
    allowed = List.copyOf(allowed);
    blocked = List.copyOf(blocked);
  }

  /** @throws IllegalArgumentException if it is none; the message is the end of a sentence about it */
  public static ImageConfigFile parse(String text) {
    JsonNode root = Yaml.parse(text);
    if (!root.path("kind").asText().equals("Image")
        || !root.path("apiVersion").asText().startsWith("config.openshift.io/")) {
      throw new IllegalArgumentException(
          "is no image configuration, as oc get image.config.openshift.io/cluster -o yaml gives it");
    }
    JsonNode sources = root.path("spec").path("registrySources");
    return new ImageConfigFile(root.path("spec").path("additionalTrustedCA").path("name").asText(""),
        texts(sources.path("insecureRegistries")), texts(sources.path("allowedRegistries")),
        texts(sources.path("blockedRegistries")));
  }

  private static List<String> texts(JsonNode list) {
    List<String> found = new ArrayList<>();
    list.forEach(each -> found.add(each.asText()));
    return found;
  }

  /** Why weir cannot be told of beside what is there; empty: it can. */
  Optional<String> contradiction(Door door, Optional<ConfigMap> given) {
    if (blocked.contains(door.toString())) {
      return Optional.of("the cluster's image configuration blocks " + door
          + ": take it out of spec.registrySources.blockedRegistries first");
    }
    String name = given.map(ConfigMap::name).orElse(authorities);
    if (!authorities.isEmpty() && !name.equals(authorities)) {
      return Optional.of("the cluster's image configuration names the ConfigMap " + authorities + " for CAs, and "
          + (name.isEmpty() ? "--no-ca-configmap says that there is none" : "--ca-configmap has " + name)
          + ": give that one, lest its CAs be lost");
    }
    return Optional.empty();
  }

  /** Whether weir has to be added to those that are allowed. */
  boolean keepsOut(Door door) {
    return !allowed.isEmpty() && !allowed.contains(door.toString());
  }

  /** {@code registrySources} with weir in the lists that it has to be in; empty: in none. */
  Map<String, Object> sources(Door door, boolean isPlain) {
    Map<String, Object> sources = new LinkedHashMap<>();
    if (isPlain) {
      sources.put("insecureRegistries", with(insecure, door));
    }
    if (keepsOut(door)) {
      sources.put("allowedRegistries", with(allowed, door));
    }
    return sources;
  }

  private static List<String> with(List<String> list, Door door) {
    List<String> all = new ArrayList<>(list);
    if (!all.contains(door.toString())) {
      all.add(door.toString());
    }
    return all;
  }
}
