package dev.weir.server.config;

import java.util.Map;

/** One word for a section with one entry: {@code storage: filesystem}, {@code REGISTRY_AUTH=htpasswd}. */
final class Shorthand {
  private Shorthand() {}

  static Node expand(String path, Node node) {
    if (Keys.SHORTHAND.contains(path) && node instanceof Node.Scalar word) {
      Node empty = new Node.Mapping(Map.of(), word.origin());
      return new Node.Mapping(Map.of(word.text(), empty), word.origin());
    }
    return node;
  }

  /** Both sections that know the short form, at the root of a file. */
  static Node expandIn(Node root) {
    if (!(root instanceof Node.Mapping mapping)) {
      return root;
    }
    Node.Mapping expanded = mapping;
    for (Map.Entry<String, Node> entry : mapping.entries().entrySet()) {
      expanded = expanded.with(entry.getKey(), expand(entry.getKey(), entry.getValue()));
    }
    return expanded;
  }
}
