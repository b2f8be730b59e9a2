package dev.weir.server.ui;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;

/**
 * What a manifest, or an image's configuration, says of itself, for showing. Anybody may have written it: whatever is not
 * as it should be is left out, and long texts are cut.
 *
 * @param mediaType it is served as
 */
record Said(String mediaType, JsonNode root) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 2_000;
  private static final int MOST = 500;
  /** Of what is said many times in one answer. */
  private static final int LONGEST_OF_MANY = 200;
  private static final int FEW = 20;

  static Said of(Manifest manifest) {
    return of(manifest.mediaType(), manifest.content());
  }

  static Said of(String mediaType, byte[] content) {
    try {
      JsonNode root = JSON.readTree(content);
      return new Said(mediaType, root == null ? MissingNode.getInstance() : root);
    } catch (IOException e) {
      return new Said(mediaType, MissingNode.getInstance());
    }
  }

  /** In a word. */
  String kind() {
    return switch (mediaType) {
      case MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST -> "index";
      case MediaTypes.DOCKER_SCHEMA1, MediaTypes.DOCKER_SCHEMA1_SIGNED -> "schema 1";
      default -> artifactType().isEmpty() ? "image" : "artifact";
    };
  }

  /** Empty: it is an image. */
  String artifactType() {
    String said = text(root, "artifactType");
    String config = text(root.path("config"), "mediaType");
    boolean isImage = config.isEmpty() || config.contains("image.config") || config.contains("container.image");
    return said.isEmpty() && !isImage ? config : said;
  }

  boolean isIndex() {
    return kind().equals("index");
  }

  List<JsonNode> children() {
    return all(root, "manifests").toList();
  }

  List<JsonNode> layers() {
    return Stream.concat(all(root, "layers"), all(root, "fsLayers")).toList();
  }

  /** Those of an index. */
  List<String> platforms() {
    return children().stream().map(child -> platform(child.path("platform"))).filter(text -> !text.isEmpty())
        .distinct().limit(FEW).toList();
  }

  /** As {@code linux/arm64/v8}; empty: it says nothing. */
  static String platform(JsonNode node) {
    return String.join("/",
        Stream.of("os", "architecture", "variant").map(field -> cut(text(node, field), LONGEST_OF_MANY))
            .filter(text -> !text.isEmpty()).toList());
  }

  static Optional<Digest> digest(JsonNode node) {
    String text = text(node, "digest");
    return Digest.parsed(text.isEmpty() ? text(node, "blobSum") : text);
  }

  /** In bytes; 0: it does not say. */
  static long size(JsonNode node) {
    return Math.max(0, node.path("size").asLong(0));
  }

  static String text(JsonNode node, String field) {
    return cut(node.path(field).asText(""));
  }

  static List<String> texts(JsonNode node, String field) {
    return all(node, field).map(each -> cut(each.asText(""))).toList();
  }

  static Map<String, String> map(JsonNode node, String field) {
    return map(node, field, MOST, LONGEST);
  }

  /** The first ones, cut shorter: for what comes in lists. */
  static Map<String, String> few(JsonNode node, String field) {
    return map(node, field, FEW, LONGEST_OF_MANY);
  }

  private static Map<String, String> map(JsonNode node, String field, int most, int longest) {
    Map<String, String> found = new LinkedHashMap<>();
    node.path(field).properties().stream().limit(most)
        .forEach(each -> found.put(cut(each.getKey(), longest), cut(each.getValue().asText(""), longest)));
    return found;
  }

  static Stream<JsonNode> all(JsonNode node, String field) {
    return node.path(field).isArray() ? node.path(field).valueStream().limit(MOST) : Stream.of();
  }

  private static String cut(String text) {
    return cut(text, LONGEST);
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "…";
  }
}
