package dev.weir.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Lays {@code REGISTRY_*} variables over the tree, by distribution's rules: the name is split at {@code _}, names of
 * keys are compared without case, list items are counted from 0, values are YAML, and shorter names come first, so
 * that {@code REGISTRY_STORAGE=filesystem} replaces the section before {@code REGISTRY_STORAGE_…} adds to it.
 */
final class Overlay {
  private static final String PREFIX = "REGISTRY_";
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,4}");

  private final Findings findings;
  private final List<String> unknown = new ArrayList<>();

  Overlay(Findings findings) {
    this.findings = findings;
  }

  Node apply(Node tree, Map<String, String> environment) {
    Node changed = tree;
    for (String name : environment.keySet().stream().filter(Overlay::isOurs).sorted(Comparator.naturalOrder())
        .toList()) {
      changed = apply(changed, name, environment.getOrDefault(name, ""));
    }
    if (!unknown.isEmpty()) {
      findings.warning("ignored, because they name no key: " + String.join(", ", unknown));
    }
    return changed;
  }

  private static boolean isOurs(String name) {
    return name.startsWith(PREFIX) && !Keys.FOREIGN_VARIABLES.contains(name);
  }

  private Node apply(Node tree, String name, String value) {
    List<String> segments = List.of(name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).split("_", -1));
    try {
      Optional<Node> changed = set(Schema.ROOT, tree, segments, new Variable(Origin.variable(name), value));
      if (changed.isEmpty()) {
        unknown.add(name);
      }
      return changed.orElse(tree);
    } catch (IllegalArgumentException e) {
      findings.problem(String.valueOf(e.getMessage()));
      return tree;
    }
  }

  /** @return {@code node} with the value set; empty where {@code path} leads to nothing that weir knows */
  private static Optional<Node> set(Schema schema, Node node, List<String> path, Variable variable) {
    Key leaf = schema.isLeaf() ? schema.key() : null;
    if (leaf != null) {
      return setLeaf(leaf, node, path, variable);
    }
    if (path.isEmpty()) {
      return Optional.of(Shorthand.expand(schema.path(), variable.asYaml()));
    }
    String name = schema.hasChosenNames() ? existing(node, path.getFirst()) : path.getFirst();
    Schema child = name == null ? null : schema.child(name);
    if (name == null || child == null) {
      return Optional.empty();
    }
    Node.Mapping section = section(node, variable.origin());
    Node old = section.entries().getOrDefault(name, new Node.Nothing(variable.origin()));
    return set(child, old, rest(path), variable).map(value -> section.with(name, value));
  }

  private static Optional<Node> setLeaf(Key leaf, Node node, List<String> path, Variable variable) {
    if (path.isEmpty()) {
      return Optional.of(leaf.kind().form() == Kind.Form.SCALAR ? variable.asText() : variable.asYaml());
    }
    boolean index = INDEX.matcher(path.getFirst()).matches() && path.size() == 1;
    return switch (leaf.kind().form()) {
      case SCALAR -> Optional.empty();
      case LIST, SCALAR_OR_LIST ->
        index ? Optional.of(withItem(leaf, node, path.getFirst(), variable)) : Optional.empty();
      case MAP -> path.size() == 1 ? Optional.of(withEntry(node, path.getFirst(), variable)) : Optional.empty();
      case SECTIONS -> throw new IllegalArgumentException(
          variable.origin() + ": " + leaf.path() + ": is set as a whole, by a YAML list in one variable");
      case OPAQUE -> Optional.of(withEntry(node, String.join("_", path), variable));
    };
  }

  private static Node withItem(Key leaf, Node node, String index, Variable variable) {
    Node.Sequence list = node instanceof Node.Sequence sequence
        ? sequence
        : new Node.Sequence(node instanceof Node.Scalar ? List.of(node) : List.of(), variable.origin());
    int size = list.items().size();
    if (Integer.parseInt(index) > size) {
      throw new IllegalArgumentException(
          variable.origin() + ": " + leaf.path() + ": the list has " + size + " items, so the next index is " + size);
    }
    return list.with(Integer.parseInt(index), variable.asText());
  }

  private static Node withEntry(Node node, String segment, Variable variable) {
    String found = existing(node, segment);
    return section(node, variable.origin()).with(found == null ? segment : found, variable.asYaml());
  }

  private static List<String> rest(List<String> path) {
    return path.subList(1, path.size());
  }

  private static Node.Mapping section(Node node, Origin origin) {
    return node instanceof Node.Mapping mapping ? mapping : new Node.Mapping(Map.of(), origin);
  }

  private static @Nullable String existing(Node node, String name) {
    return node.children().keySet().stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
  }
}
