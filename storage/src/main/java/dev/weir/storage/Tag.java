package dev.weir.storage;

import java.util.Optional;
import java.util.regex.Pattern;

/** A name for a manifest within a repository (OCI distribution-spec, "Pulling manifests"). At most 128 characters. */
public record Tag(String value) implements Reference, Comparable<Tag> {
  private static final Pattern GRAMMAR = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

  public Tag {
    if (!GRAMMAR.matcher(value).matches()) {
      throw new IllegalArgumentException("not a tag: " + Names.shown(value));
    }
  }

  /** @throws IllegalArgumentException if {@code text} is not a tag */
  public static Tag parse(String text) {
    return new Tag(text);
  }

  /** The same of what may be anything. Empty: it is none. */
  public static Optional<Tag> parsed(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(Tag other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
