package dev.weir.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** What holds in the end: every key that weir has a use for, with its value or default, as YAML; secrets hidden. */
final class Effective {
  private Effective() {}

  static String render(Node tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    Map<String, Object> shown = section(Schema.ROOT, tree);
    Node storage = tree.children().getOrDefault("storage", new Node.Nothing(Origin.DEFAULT));
    if (storage.children().keySet().stream().anyMatch(Keys.BUCKETS::contains)) {
      withoutShareOfBucket(shown);
    }
    return new Yaml(options).dump(shown);
  }

  /** The default is one, which bounds a disk; of a bucket it says nothing, and would be refused if it were read again. */
  private static void withoutShareOfBucket(Map<String, Object> shown) {
    if (shown.get("cache") instanceof Map<?, ?> cache && String.valueOf(cache.get("maxsize")).endsWith("%")) {
      cache.remove("maxsize");
    }
  }

  private static Map<String, Object> section(Schema schema, Node node) {
    Map<String, Object> shown = new LinkedHashMap<>();
    for (String name : schema.hasChosenNames() ? node.children().keySet() : schema.children().keySet()) {
      Node value = node.children().getOrDefault(name, new Node.Nothing(Origin.DEFAULT));
      if (isOtherDriver(schema, name, node)) {
        continue;
      }
      shown(schema.known(name), value).ifPresent(each -> shown.put(name, each));
    }
    return shown;
  }

  /** Of the places for the data, one holds; the defaults of the others are of no use. */
  private static boolean isOtherDriver(Schema schema, String name, Node storage) {
    boolean isDriver = schema.path().equals("storage") && Keys.STORAGE_DRIVERS.contains(name);
    return isDriver && !storage.children().containsKey(name)
        && (!name.equals("filesystem")
            || storage.children().keySet().stream().anyMatch(Keys.STORAGE_DRIVERS::contains));
  }

  private static Optional<Object> shown(Schema schema, Node node) {
    Key key = schema.key();
    if (key == null) {
      Map<String, Object> section = section(schema, node);
      return section.isEmpty() && !schema.hasChosenNames() && node instanceof Node.Nothing
          ? Optional.empty()
          : Optional.of(section);
    }
    boolean used = key.status() instanceof Key.Status.Honoured;
    return used ? value(key, node) : Optional.empty();
  }

  private static Optional<Object> value(Key key, Node node) {
    if (node instanceof Node.Nothing && key.fallback() == null) {
      return Optional.empty();
    }
    Node given = node instanceof Node.Nothing ? key.fallbackNode() : node;
    Object parsed = key.kind().parse(given);
    return Optional.of(parsed instanceof Boolean || parsed instanceof Integer || !(given instanceof Node.Scalar)
        ? plain(parsed)
        : text(key, given));
  }

  private static String text(Key key, Node given) {
    return key.kind().equals(Kind.SECRET) ? "***" : Kind.TEXT.parse(given);
  }

  private static Object plain(Object parsed) {
    return switch (parsed) {
      case Map<?, ?> map -> map;
      case Iterable<?> items -> {
        List<Object> shown = new ArrayList<>();
        items.forEach(item -> shown.add(item instanceof Node node ? plain(node) : String.valueOf(item)));
        yield shown;
      }
      case Node.Nothing nothing -> "";
      case Node.Scalar scalar -> scalar.text();
      case Node.Sequence sequence -> plain(sequence.items());
      case Node.Mapping mapping -> {
        Map<String, Object> shown = new LinkedHashMap<>();
        mapping.entries().forEach((name, value) -> shown.put(name, plain(value)));
        yield shown;
      }
      default -> parsed;
    };
  }
}
