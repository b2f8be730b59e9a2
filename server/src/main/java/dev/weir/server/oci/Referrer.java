package dev.weir.server.oci;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;

/**
 * A manifest that refers to another: a signature, an attestation, a bill of materials (OCI distribution-spec, "Listing
 * Referrers").
 */
public record Referrer(Descriptor descriptor, Optional<String> artifactType, Map<String, String> annotations) {
  /** In characters; more than that is left to whoever reads the manifest itself. */
  private static final int LONGEST_ANNOTATIONS = 64 << 10;
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  public Referrer {
    annotations = Map.copyOf(annotations);
  }

  /** How the manifest appears in the list. */
  public static Referrer of(Manifest manifest) {
    Descriptor descriptor = new Descriptor(manifest.mediaType(), manifest.digest(), manifest.content().length);
    return new Referrer(descriptor, ManifestDocument.parse(manifest.content()).artifactType(),
        annotations(read(manifest.content())));
  }

  /**
   * The entries of an index: another registry's answer, or what lies under a tag of the referrers tag schema.
   *
   * @throws IllegalArgumentException if {@code index} is no index
   */
  public static List<Referrer> listIn(byte[] index) {
    List<Referrer> found = new ArrayList<>();
    for (JsonNode entry : read(index).path("manifests")) {
      Descriptor descriptor = new Descriptor(entry.path("mediaType").asText(""),
          Digest.parse(entry.path("digest").asText("")), entry.path("size").asLong(-1));
      found.add(
          new Referrer(descriptor, Optional.ofNullable(entry.path("artifactType").textValue()), annotations(entry)));
    }
    return List.copyOf(found);
  }

  private static JsonNode read(byte[] document) {
    try {
      return JSON.readTree(document);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  private static Map<String, String> annotations(JsonNode node) {
    Map<String, String> found = new LinkedHashMap<>();
    if (node.path("annotations").toString().length() > LONGEST_ANNOTATIONS) {
      return found;
    }
    node.path("annotations").properties().forEach(entry -> {
      if (entry.getValue().isTextual()) {
        found.put(entry.getKey(), entry.getValue().textValue());
      }
    });
    return found;
  }
}
