package dev.weir.server.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A section as the binder reads it: values with their kinds, defaults from the table. A value that cannot be read
 * counts as absent; {@link Check} has said so already.
 */
record Section(Schema schema, Node node) {

  Section section(String name) {
    return new Section(schema.known(name), child(name));
  }

  /** The value, or the table's default. */
  <T> T get(String name, Kind<T> kind) {
    return find(name, kind).orElseGet(() -> kind.parse(key(name, kind).fallbackNode()));
  }

  /** The value, if one was given. */
  <T> Optional<T> find(String name, Kind<T> kind) {
    key(name, kind);
    Node value = child(name);
    try {
      return value instanceof Node.Nothing ? Optional.empty() : Optional.of(kind.parse(value));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The sections under names that the user chose. */
  Map<String, Section> chosen() {
    Map<String, Section> sections = new LinkedHashMap<>();
    node.children().forEach((name, value) -> sections.put(name, section(name)));
    return sections;
  }

  /** Where {@code name} was written; where this section was, when it was not. */
  Origin origin(String name) {
    Node value = node.children().get(name);
    return value == null ? node.origin() : value.origin();
  }

  private Node child(String name) {
    return node.children().getOrDefault(name, new Node.Nothing(node.origin()));
  }

  private Key key(String name, Kind<?> kind) {
    Key key = schema.known(name).key();
    if (key == null || !key.kind().equals(kind)) {
      throw new IllegalStateException(schema.below(name) + " is not in the table of keys as " + kind.wanted());
    }
    return key;
  }
}
