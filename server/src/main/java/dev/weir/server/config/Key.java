package dev.weir.server.config;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One key that weir knows.
 *
 * @param path     with dots; {@code *} stands for a name that the user chooses
 * @param fallback the default as YAML; null where there is none
 */
record Key(String path, Kind<?> kind, @Nullable String fallback, Status status) {

  /** What weir does with the key. */
  sealed interface Status {
    /** It has its effect. */
    record Honoured() implements Status {}

    /** Distribution's, and of no use here: one warning where it differs from the default. */
    record Ignored(String reason) implements Status {}

    /**
     * Something that guards and is not there in this version: weir does not start without it.
     *
     * @param unless     a flag that, when true, switches the guard off; may be empty
     * @param byPresence whether naming it is enough to ask for it, with nothing inside
     */
    record Refused(String reason, String unless, boolean byPresence) implements Status {}
  }

  static Key honoured(String path, Kind<?> kind, @Nullable String fallback) {
    return new Key(path, kind, fallback, new Status.Honoured());
  }

  static Key ignored(String path, Kind<?> kind, @Nullable String fallback, String reason) {
    return new Key(path, kind, fallback, new Status.Ignored(reason));
  }

  static Key refused(String path, String reason) {
    return new Key(path, Kind.OPAQUE, null, new Status.Refused(reason, "", false));
  }

  static Key refusedByPresence(String path, String reason) {
    return new Key(path, Kind.OPAQUE, null, new Status.Refused(reason, "", true));
  }

  List<String> segments() {
    return List.of(path.split("\\.", -1));
  }

  /** @throws IllegalStateException if there is no default */
  Node fallbackNode() {
    if (fallback == null) {
      throw new IllegalStateException(path + " has no default");
    }
    return isWord(fallback) ? new Node.Scalar(fallback, Origin.DEFAULT) : YamlTree.parse(fallback, Origin.DEFAULT);
  }

  /** What YAML takes for a text as it stands. Most defaults are such, and each start needs nearly all of them. */
  private static boolean isWord(String yaml) {
    return yaml.chars().allMatch(Character::isLetterOrDigit) && !yaml.isEmpty() && !yaml.equalsIgnoreCase("null");
  }

  /** Whether {@code node} says nothing beyond the default. */
  boolean isDefault(Node node) {
    return node instanceof Node.Nothing || (fallback != null && kind.parse(node).equals(kind.parse(fallbackNode())));
  }
}
