package dev.weir.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What weir reads out of a manifest's JSON. The bytes themselves are never written anew from this.
 *
 * @param mediaType as distribution derives it: the document's own, or by shape where it has none
 * @param manifests the children of an index; they may be absent from the repository
 * @param blobs config and layers, without those that come with {@code urls} of their own
 * @param subject what a referrer refers to (OCI distribution-spec, "Listing Referrers")
 * @param artifactType of a referrer; the config's media type where the document has none
 */
public record ManifestDocument(String mediaType, int schemaVersion, List<Descriptor> manifests, List<Descriptor> blobs,
    Optional<Descriptor> subject, Optional<String> artifactType) {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** @throws IllegalArgumentException if {@code content} is not a JSON object or names something that is not a digest */
  public static ManifestDocument parse(byte[] content) {
    JsonNode root = readObject(content);
    List<Descriptor> blobs = new ArrayList<>();
    descriptor(root.path("config")).ifPresent(blobs::add);
    blobs.addAll(descriptors(root.path("layers"), "digest"));
    blobs.addAll(descriptors(root.path("blobs"), "digest"));
    blobs.addAll(descriptors(root.path("fsLayers"), "blobSum"));
    return new ManifestDocument(typeOf(root), root.path("schemaVersion").asInt(0),
        descriptors(root.path("manifests"), "digest"), List.copyOf(blobs), descriptor(root.path("subject")),
        text(root, "artifactType").or(() -> text(root.path("config"), "mediaType")));
  }

  /** Whether registry:2 can parse it. */
  boolean isReadByDistribution() {
    return schemaVersion == 2 && MediaTypes.DISTRIBUTION_READS.contains(mediaType);
  }

  private static JsonNode readObject(byte[] content) {
    try {
      JsonNode root = JSON.readTree(content);
      if (root == null || !root.isObject()) {
        throw new IllegalArgumentException("a manifest is a JSON object");
      }
      return root;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("a manifest is a JSON object: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("a manifest is a JSON object", e);
    }
  }

  /** Peers' rule (distribution, manifest/versioned.go): the document's own word first, then its shape. */
  private static String typeOf(JsonNode root) {
    return text(root, "mediaType").orElseGet(() -> {
      if (root.has("manifests")) {
        return MediaTypes.OCI_INDEX;
      }
      if (root.has("fsLayers")) {
        return root.has("signatures") ? MediaTypes.DOCKER_SCHEMA1_SIGNED : MediaTypes.DOCKER_SCHEMA1;
      }
      return MediaTypes.OCI_MANIFEST;
    });
  }

  private static List<Descriptor> descriptors(JsonNode array, String digestField) {
    List<Descriptor> found = new ArrayList<>();
    for (JsonNode node : array) {
      descriptor(node, digestField).ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  private static Optional<Descriptor> descriptor(JsonNode node) {
    return descriptor(node, "digest");
  }

  private static Optional<Descriptor> descriptor(JsonNode node, String digestField) {
    if (!node.path("urls").isEmpty()) {
      return Optional.empty();
    }
    return text(node, digestField)
        .map(digest -> new Descriptor(text(node, "mediaType").orElse(""), Digest.parse(digest),
            node.path("size").asLong(-1)));
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.ofNullable(node.path(field).textValue()).filter(value -> !value.isEmpty());
  }
}
