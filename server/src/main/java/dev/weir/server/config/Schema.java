package dev.weir.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The table of keys as a tree. A place in it is a section, a key, or (where a whole section is refused) both.
 *
 * <p>Immutable once {@link #of} has returned.
 */
final class Schema {
  static final Schema ROOT = of(Keys.ALL);
  private static final String ANY = "*";

  private final String path;
  private final Map<String, Schema> children = new LinkedHashMap<>();
  private @Nullable Key key;

  private Schema(String path) {
    this.path = path;
  }

  static Schema of(List<Key> keys) {
    Schema root = new Schema("");
    keys.forEach(key -> root.place(key));
    return root;
  }

  private void place(Key placed) {
    Schema at = this;
    for (String segment : placed.segments()) {
      String childPath = at.below(segment);
      at = at.children.computeIfAbsent(segment, absent -> new Schema(childPath));
    }
    at.key = placed;
  }

  /** The path of {@code name} in this section. */
  String below(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  String path() {
    return path;
  }

  @Nullable
  Key key() {
    return key;
  }

  Map<String, Schema> children() {
    return children;
  }

  boolean isLeaf() {
    return children.isEmpty();
  }

  /** Whether the user chooses the names in here. */
  boolean hasChosenNames() {
    return children.containsKey(ANY);
  }

  /** What {@code name} means here; null where it means nothing. */
  @Nullable
  Schema child(String name) {
    Schema exact = hasChosenNames() ? null : children.get(name);
    return exact != null ? exact : children.get(ANY);
  }

  /** What stands here under {@code name}, which the program knows to be in the table. */
  Schema known(String name) {
    return Objects.requireNonNull(child(name), () -> below(name) + " is not in the table of keys");
  }
}
