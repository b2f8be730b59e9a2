package dev.weir.auth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What one reading of a docker {@code config.json} gave. Immutable.
 *
 * @param byKey      under {@link RegistryKey}s
 * @param complaints what in the file is of no use, without secrets
 */
record Entries(Map<String, Credentials> byKey, List<String> complaints) {
  static final Entries NONE = new Entries(Map.of(), List.of());

  private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  /** @throws IllegalArgumentException if {@code json} is not a docker config.json */
  static Entries parse(byte[] json) {
    JsonNode root = tree(json);
    JsonNode auths = root.path("auths");
    if (!root.isObject() || !(auths.isObject() || auths.isMissingNode())) {
      throw new IllegalArgumentException("it is JSON, but no docker config.json with \"auths\"");
    }
    Map<String, Credentials> byKey = new LinkedHashMap<>();
    List<String> complaints = new ArrayList<>();
    auths.properties().forEach(entry -> add(entry.getKey(), entry.getValue(), byKey, complaints));
    complainOfHelpers(root, complaints);
    return new Entries(Map.copyOf(byKey), List.copyOf(complaints));
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new IllegalArgumentException("it is not JSON, at line " + line);
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not JSON");
    }
  }

  private static void add(String key, JsonNode entry, Map<String, Credentials> byKey, List<String> complaints) {
    try {
      AuthEntry.parse(entry).ifPresent(credentials -> byKey.putIfAbsent(RegistryKey.normalize(key), credentials));
    } catch (IllegalArgumentException e) {
      complaints.add("the entry " + key + " is left out: " + e.getMessage());
    }
  }

  private static void complainOfHelpers(JsonNode root, List<String> complaints) {
    if (!root.path("credHelpers").isEmpty() || !root.path("credsStore").asText("").isEmpty()) {
      complaints.add("credHelpers and credsStore are left out, because weir runs no credential helper");
    }
  }

  boolean isEmpty() {
    return byKey.isEmpty();
  }

  Optional<Credentials> find(String registry, String repository) {
    String key = RegistryKey.normalize(registry) + (repository.isEmpty() ? "" : "/" + repository);
    while (true) {
      Credentials found = byKey.get(key);
      int slash = key.lastIndexOf('/');
      if (found != null || slash < 0) {
        return Optional.ofNullable(found);
      }
      key = key.substring(0, slash);
    }
  }
}
