package dev.weir.server.release;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The images that a release is made of, as the release image lists them.
 *
 * @param version    such as {@code 4.16.17}
 * @param components in the order written, each name once
 */
public record ImageReferences(String version, List<Component> components) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,128}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._+-]{1,128}");
  /** In a tree, a few bytes of JSON can have fifty in memory; a release has some ten thousand tokens. */
  private static final long MOST_TOKENS = 500_000;
  private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build()).build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
      .build();

  /**
   * One image.
   *
   * @param name  such as {@code cli}
   * @param image by digest
   */
  public record Component(String name, PullSpec image) {}

  public ImageReferences {
    components = List.copyOf(components);
  }

  /** The image that does {@code name}'s work. */
  public Optional<PullSpec> image(String name) {
    return components.stream().filter(each -> each.name().equals(name)).map(Component::image).findFirst();
  }

  /** @throws IllegalArgumentException if it is no such list; the message is a sentence */
  public static ImageReferences parse(byte[] json) {
    JsonNode root = read("image-references", json);
    if (!root.path("kind").asText().equals("ImageStream")) {
      throw new IllegalArgumentException("image-references is no ImageStream");
    }
    String version = root.path("metadata").path("name").asText();
    if (version.isEmpty()) {
      throw new IllegalArgumentException("image-references names no version (metadata.name)");
    }
    if (!VERSION.matcher(version).matches()) {
      throw new IllegalArgumentException("image-references names a version that can be none (metadata.name)");
    }
    List<Component> components = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode tag : root.path("spec").path("tags")) {
      Component component = component(tag);
      if (!names.add(component.name())) {
        throw new IllegalArgumentException("image-references lists " + component.name() + " twice");
      }
      components.add(component);
    }
    if (components.isEmpty()) {
      throw new IllegalArgumentException("image-references lists no image (spec.tags)");
    }
    return new ImageReferences(version, components);
  }

  static JsonNode read(String file, byte[] json) {
    try {
      JsonNode root = JSON.readTree(new String(json, UTF_8));
      if (!root.isObject()) {
        throw new IllegalArgumentException(file + " is no JSON object");
      }
      return root;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(file + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Component component(JsonNode tag) {
    String name = tag.path("name").asText();
    JsonNode from = tag.path("from");
    if (name.isEmpty() || !from.path("kind").asText().equals("DockerImage")) {
      throw new IllegalArgumentException("image-references lists '" + name + "', which is no image");
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "image-references lists a component whose name has more than a-z, 0-9 and . _ -");
    }
    PullSpec image = PullSpec.parse(from.path("name").asText());
    if (image.digest().isEmpty()) {
      throw new IllegalArgumentException("image-references names " + name + " without its digest: " + image);
    }
    return new Component(name, image);
  }
}
