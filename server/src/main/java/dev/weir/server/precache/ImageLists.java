package dev.weir.server.precache;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads lists of images: one a line ({@code ocp-images.txt}, {@code ai-images.txt}), {@code SRC=DST} ({@code mapping.txt}),
 * or a ConfigMap whose values are images ({@code imagestreamtag-to-image}), as YAML or JSON. Pure.
 */
public final class ImageLists {
  private static final ObjectMapper YAML = new YAMLMapper();
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private ImageLists() {}

  /**
   * The lines of a list, without comments.
   *
   * @param name for sentences
   * @throws IllegalArgumentException if it is no list; the message is a sentence
   */
  public static List<String> read(String name, String text) {
    String plain = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    List<String> lines = plain.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
    return isObject(lines) ? configMap(name, plain) : plain(name, lines);
  }

  private static boolean isObject(List<String> lines) {
    return lines.stream()
        .anyMatch(line -> line.startsWith("{") || line.startsWith("kind:") || line.startsWith("data:"));
  }

  /** What follows a name on its line says nothing. */
  private static List<String> plain(String name, List<String> lines) {
    List<String> found = new ArrayList<>();
    for (String line : lines) {
      String first = line.split("\\s", 2)[0];
      if (first.endsWith(":") || first.equals("-")) {
        throw new IllegalArgumentException(name + " is no list of images: what is '" + line + "'?");
      }
      found.add(first);
    }
    return List.copyOf(found);
  }

  private static List<String> configMap(String name, String text) {
    try {
      JsonNode root = YAML.readTree(text);
      if (!root.path("kind").asText("ConfigMap").equals("ConfigMap") || !root.path("data").isObject()) {
        throw new IllegalArgumentException(name + " is no ConfigMap with images as its data");
      }
      List<String> found = new ArrayList<>();
      root.path("data").forEach(value -> found.add(value.asText().strip()));
      return List.copyOf(found);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(name + " cannot be read as YAML: " + e.getOriginalMessage(), e);
    }
  }
}
