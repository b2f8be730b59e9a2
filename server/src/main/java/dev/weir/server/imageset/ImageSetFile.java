package dev.weir.server.imageset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;

/** Reads an ImageSetConfiguration: {@code v2alpha1}, and {@code v1alpha2} where it means the same. */
public final class ImageSetFile {
  private static final Set<String> VERSIONS = Set.of("mirror.openshift.io/v2alpha1", "mirror.openshift.io/v1alpha2");
  private static final YAMLMapper YAML = YAMLMapper.builder().enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL).build();
  private static final String NAMES = "weir keeps the names that images have upstream";

  private final List<Unresolved> ignored = new ArrayList<>();

  private ImageSetFile() {}

  /** @throws IllegalArgumentException if it is none, or asks for something without a name; the message is a sentence */
  public static ImageSet parse(String text) {
    return new ImageSetFile().read(tree(text));
  }

  private static JsonNode tree(String text) {
    try {
      JsonNode root = YAML.readTree(text);
      if (!VERSIONS.contains(root.path("apiVersion").asText())
          || !root.path("kind").asText().equals("ImageSetConfiguration")) {
        throw new IllegalArgumentException(
            "no ImageSetConfiguration of mirror.openshift.io/v2alpha1 or v1alpha2: it is kind "
                + root.path("kind").asText("none") + " of " + root.path("apiVersion").asText("none"));
      }
      return root;
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
      throw new IllegalArgumentException("no ImageSetConfiguration: it is no YAML" + place, e);
    }
  }

  private ImageSet read(JsonNode root) {
    known(root, "", "apiVersion", "kind", "metadata", "mirror", "archiveSize", "storageConfig");
    JsonNode mirror = root.path("mirror");
    known(mirror, "mirror.", "platform", "operators", "additionalImages", "blockedImages", "helm", "samples");
    leave(mirror, "mirror.", "helm", "weir reads no charts; name their images under additionalImages");
    leave(mirror, "mirror.", "samples", "it was never of any effect");
    JsonNode platform = mirror.path("platform");
    known(platform, "mirror.platform.", "architectures", "channels", "graph", "release", "kubeVirtContainer");
    leave(platform, "mirror.platform.", "kubeVirtContainer", "weir does not look for it in the release; name it under"
        + " additionalImages");
    leave(platform, "mirror.platform.", "graph", "weir does not build the graph image");
    List<String> architectures = texts(platform.path("architectures"));
    return new ImageSet(architectures.isEmpty() ? List.of("amd64") : architectures, channels(platform),
        text(platform, "release"), catalogs(mirror.path("operators")), additional(mirror.path("additionalImages")),
        each(mirror.path("blockedImages"), "mirror.blockedImages").stream()
            .map(node -> name(node, "mirror.blockedImages"))
            .toList(),
        ignored);
  }

  private List<ImageSet.Channel> channels(JsonNode platform) {
    List<ImageSet.Channel> channels = new ArrayList<>();
    for (JsonNode channel : each(platform.path("channels"), "mirror.platform.channels")) {
      String name = name(channel, "mirror.platform.channels");
      known(channel, "mirror.platform.channels[" + name + "].", "name", "type", "minVersion", "maxVersion",
          "shortestPath", "full");
      if (channel.path("type").asText("ocp").equals("ocp")) {
        channels.add(new ImageSet.Channel(name, range(channel), channel.path("full").asBoolean(),
            channel.path("shortestPath").asBoolean()));
      } else {
        ignored.add(new Unresolved("channel " + name, "weir knows the graph of type ocp alone, not "
            + channel.path("type").asText()));
      }
    }
    return channels;
  }

  private List<ImageSet.Catalog> catalogs(JsonNode operators) {
    List<ImageSet.Catalog> catalogs = new ArrayList<>();
    for (JsonNode operator : each(operators, "mirror.operators")) {
      String image = text(operator, "catalog")
          .orElseThrow(() -> new IllegalArgumentException("an entry of mirror.operators names no catalog"));
      String path = "mirror.operators[" + image + "].";
      known(operator, path, "catalog", "full", "packages", "targetCatalog", "targetTag", "targetName",
          "targetCatalogSourceTemplate", "skipDependencies", "originalRef");
      for (String key : new String[]{"targetCatalog", "targetTag", "targetName", "targetCatalogSourceTemplate"}) {
        leave(operator, path, key, NAMES);
      }
      List<ImageSet.Operator> packages = new ArrayList<>();
      for (JsonNode each : each(operator.path("packages"), path + "packages")) {
        packages.add(operator(each, path));
      }
      catalogs.add(new ImageSet.Catalog(image, operator.path("full").asBoolean(), packages));
    }
    return catalogs;
  }

  private ImageSet.Operator operator(JsonNode node, String path) {
    String name = name(node, path + "packages");
    String here = path + "packages[" + name + "].";
    known(node, here, "name", "channels", "minVersion", "maxVersion", "defaultChannel", "minBundle");
    leave(node, here, "minBundle", "use minVersion");
    List<ImageSet.Part> channels = new ArrayList<>();
    for (JsonNode channel : each(node.path("channels"), here + "channels")) {
      known(channel, here + "channels.", "name", "minVersion", "maxVersion", "minBundle");
      channels.add(new ImageSet.Part(name(channel, here + "channels"), range(channel)));
    }
    return new ImageSet.Operator(name, channels, range(node), text(node, "defaultChannel"));
  }

  private List<String> additional(JsonNode images) {
    List<String> names = new ArrayList<>();
    for (JsonNode image : each(images, "mirror.additionalImages")) {
      String name = name(image, "mirror.additionalImages");
      known(image, "mirror.additionalImages[" + name + "].", "name", "targetRepo", "targetTag");
      leave(image, "mirror.additionalImages[" + name + "].", "targetRepo", NAMES);
      leave(image, "mirror.additionalImages[" + name + "].", "targetTag", NAMES);
      names.add(name);
    }
    return names;
  }

  private static Range range(JsonNode node) {
    return new Range(text(node, "minVersion"), text(node, "maxVersion"));
  }

  private static List<JsonNode> each(JsonNode list, String path) {
    if (list.isMissingNode() || list.isNull()) {
      return List.of();
    }
    if (!list.isArray()) {
      throw new IllegalArgumentException(path + " is no list");
    }
    return list.valueStream().toList();
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  private static String name(JsonNode node, String path) {
    return text(node, "name").orElseThrow(() -> new IllegalArgumentException("an entry of " + path + " has no name"));
  }

  private static Optional<String> text(JsonNode node, String key) {
    return Optional.of(node.path(key).asText("")).filter(text -> !text.isBlank()).map(String::strip);
  }

  /** What is not known here was meant to have an effect. */
  private void known(JsonNode node, String path, String... keys) {
    Set<String> all = Set.of(keys);
    node.properties().stream().map(Map.Entry::getKey).filter(key -> !all.contains(key))
        .forEach(key -> ignored.add(new Unresolved(path + key, "weir does not know this key")));
  }

  private void leave(JsonNode node, String path, String key, String why) {
    JsonNode value = node.path(key);
    if (!value.isMissingNode() && !value.isNull() && !(value.isBoolean() && !value.booleanValue())) {
      ignored.add(new Unresolved(path + key, why));
    }
  }
}
