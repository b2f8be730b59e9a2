package dev.weir.storage;

import java.util.regex.Pattern;

/**
 * The path of a repository, any number of components deep (OCI distribution-spec, "Pulling manifests").
 *
 * <p>At most 255 characters, as distribution has it; no component can be empty, start with {@code _} or be {@code ..},
 * so that a name never leaves its place in the tree.
 */
public record RepositoryName(String value) implements Comparable<RepositoryName> {
  private static final int LONGEST = 255;
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern GRAMMAR = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*+");

  public RepositoryName {
    if (value.length() > LONGEST || !GRAMMAR.matcher(value).matches()) {
      throw new IllegalArgumentException("not a repository name: " + Names.shown(value));
    }
  }

  /** @throws IllegalArgumentException if {@code text} is not a repository name */
  public static RepositoryName parse(String text) {
    return new RepositoryName(text);
  }

  /** The part before the first slash; the whole name where there is none. */
  public String first() {
    int slash = value.indexOf('/');
    return slash < 0 ? value : value.substring(0, slash);
  }

  /** Whether this name is {@code prefix} itself or lies below it, at a slash. */
  public boolean isWithin(String prefix) {
    return value.startsWith(prefix) && (value.length() == prefix.length() || value.charAt(prefix.length()) == '/');
  }

  @Override
  public int compareTo(RepositoryName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
