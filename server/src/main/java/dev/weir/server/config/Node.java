package dev.weir.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tree of YAML values that know where they were written. Immutable. */
sealed interface Node {
  Origin origin();

  /** What a value of this shape is called in a sentence. */
  String shape();

  /** {@code key:} with nothing behind it, or {@code null}. */
  record Nothing(Origin origin) implements Node {
    @Override
    public String shape() {
      return "nothing";
    }
  }

  /** Text that a {@link Kind} gives a meaning to. May be a secret, so it is never shown as a whole. */
  record Scalar(String text, Origin origin) implements Node {
    @Override
    public String shape() {
      return "a single value";
    }

    @Override
    public String toString() {
      return "Scalar[" + origin + "]";
    }
  }

  record Sequence(List<Node> items, Origin origin) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    /** This list with the item at {@code index} replaced, or added where {@code index} is its size. */
    Sequence with(int index, Node item) {
      List<Node> changed = new ArrayList<>(items);
      if (index == changed.size()) {
        changed.add(item);
      } else {
        changed.set(index, item);
      }
      return new Sequence(changed, origin);
    }

    @Override
    public String shape() {
      return "a list";
    }
  }

  /** Keeps the order in which the keys were written. */
  record Mapping(Map<String, Node> entries, Origin origin) implements Node {
    public Mapping {
      entries = Ordered.copyOf(entries);
    }

    Mapping with(String key, Node value) {
      Map<String, Node> changed = new LinkedHashMap<>(entries);
      changed.put(key, value);
      return new Mapping(changed, origin);
    }

    @Override
    public String shape() {
      return "a section";
    }
  }

  /** The entries of a mapping; none for any other value. */
  default Map<String, Node> children() {
    return this instanceof Mapping mapping ? mapping.entries() : Map.of();
  }

  /** Whether nothing is asked for here: no value, {@code false}, an empty text, or only such things inside. */
  default boolean asksForNothing() {
    return switch (this) {
      case Nothing nothing -> true;
      case Scalar scalar -> scalar.text().isEmpty() || scalar.text().equalsIgnoreCase("false");
      case Sequence sequence -> sequence.items().isEmpty();
      case Mapping mapping -> mapping.entries().values().stream().allMatch(Node::asksForNothing);
    };
  }
}
