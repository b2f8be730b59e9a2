package dev.weir.server.precache;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.imageset.ImageSetFile;
import dev.weir.storage.RepositoryName;

/**
 * What a job is to have here in the end.
 *
 * @param images a name each, or {@code SRC=DST}; whatever was resolved to images ends here
 * @param releases release images by name
 * @param imageSets ImageSetConfigurations, each as its text
 * @param platforms of indexes, as {@code linux/amd64}; none: all
 * @param pin the name of the set that keeps it; empty: it may be evicted
 * @param to a repository of ours where components of releases get the tags that {@code oc adm release mirror} gives; empty: none
 * @param tags whether what stands right of {@code =} becomes a name here, too
 * @param dryRun looks only what would come
 * @param unsigned releases need no signature
 * @param replace further names may replace what somebody pushed by them
 */
public record Order(List<String> images, List<String> releases, List<String> imageSets,
    List<String> platforms, String pin, String to,
    boolean tags, boolean dryRun, boolean unsigned, boolean replace) {
  private static final Pattern PIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern PLATFORM = Pattern.compile("[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9.]+)?");

  /** @throws IllegalArgumentException if it makes no sense; the message is a sentence */
  public Order {
    images = images.stream().distinct().toList();
    releases = releases.stream().distinct().toList();
    imageSets = List.copyOf(imageSets);
    platforms = List.copyOf(platforms);
    imageSets.forEach(ImageSetFile::parse);
    if (images.isEmpty() && releases.isEmpty() && imageSets.isEmpty()) {
      throw new IllegalArgumentException("there is no image to fetch");
    }
    for (String platform : platforms) {
      if (!PLATFORM.matcher(platform).matches()) {
        throw new IllegalArgumentException("'" + platform + "' is no platform such as linux/amd64 or linux/arm64/v8");
      }
    }
    if (!pin.isEmpty()) {
      requirePin(pin);
    }
    if (!to.isEmpty()) {
      RepositoryName.parse(to);
    }
  }

  /** Images and nothing else. */
  public static Order of(List<String> images) {
    return new Order(images, List.of(), List.of(), List.of(), "", "", false, false, false, false);
  }

  /** @throws IllegalArgumentException if it is no name of a pinned set */
  static String requirePin(String name) {
    if (!PIN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name for a pin: letters and digits, and . _ - within, at most 100");
    }
    return name;
  }

  /**
   * As it comes over the wire; what is missing is its default.
   *
   * @throws IllegalArgumentException if it makes no sense; the message is a sentence
   */
  public static Order of(JsonNode order) {
    return new Order(texts(order, "images"), texts(order, "releases"), texts(order, "imageSets"),
        texts(order, "platforms"),
        order.path("pin").asText(""), order.path("to").asText(""), order.path("tags").asBoolean(),
        order.path("dryRun").asBoolean(), order.path("unsigned").asBoolean(),
        order.path("replace").asBoolean());
  }

  private static List<String> texts(JsonNode order, String field) {
    return StreamSupport.stream(order.path(field).spliterator(), false).map(JsonNode::asText).toList();
  }
}
