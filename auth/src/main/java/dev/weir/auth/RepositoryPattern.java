package dev.weir.auth;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Names of repositories, as a rule writes them: {@code *} is any run of characters within a component, {@code **} between
 * slashes is any number of components, none too; at the end it is at least one ({@code a/**} is all below {@code a}).
 *
 * <p>Matching takes time in proportion to the lengths of pattern and name, multiplied, whatever they hold.
 */
public final class RepositoryPattern {
  private static final Pattern GRAMMAR = Pattern.compile("[a-z0-9._*-]+(/[a-z0-9._*-]+)*");
  private static final String ANY_DEPTH = "**";

  private final String text;
  private final List<String> components;

  private RepositoryPattern(String text) {
    this.text = text;
    this.components = List.of(text.split("/", -1));
  }

  /** @throws IllegalArgumentException if {@code text} is no pattern; the message says why */
  public static RepositoryPattern parse(String text) {
    if (!GRAMMAR.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a repository is written as its name, in lower case, with * within a component and ** for any number of them");
    }
    RepositoryPattern pattern = new RepositoryPattern(text);
    if (pattern.components.stream().anyMatch(part -> part.contains(ANY_DEPTH) && !part.equals(ANY_DEPTH))) {
      throw new IllegalArgumentException("** stands alone between slashes, as in team/**");
    }
    return pattern;
  }

  /** Whether every repository is meant. */
  boolean isEverything() {
    return text.equals(ANY_DEPTH);
  }

  /** @param name a repository's name, normalised */
  public boolean matches(String name) {
    List<String> parts = List.of(name.split("/", -1));
    // reached[i]: the components read so far may end before parts[i]
    boolean[] reached = new boolean[parts.size() + 1];
    reached[0] = true;
    for (int i = 0; i < components.size(); i++) {
      String component = components.get(i);
      boolean last = i == components.size() - 1;
      reached = component.equals(ANY_DEPTH) ? skip(reached, last) : step(reached, component, parts);
    }
    return reached[parts.size()];
  }

  /** Whether there is a name that it matches, of more than one component, of which the first is this one. */
  boolean mayMatchWithin(String first) {
    String begin = components.getFirst();
    return begin.equals(ANY_DEPTH) || (components.size() > 1 && matches(begin, first));
  }

  private static boolean[] skip(boolean[] before, boolean atLeastOne) {
    boolean[] after = new boolean[before.length];
    boolean open = false;
    for (int i = 0; i < before.length; i++) {
      after[i] = open || (before[i] && !atLeastOne);
      open |= before[i];
    }
    return after;
  }

  private static boolean[] step(boolean[] before, String component, List<String> parts) {
    boolean[] after = new boolean[before.length];
    for (int i = 0; i < parts.size(); i++) {
      after[i + 1] = before[i] && matches(component, parts.get(i));
    }
    return after;
  }

  /** The last star is the only one that ever has to give way. */
  private static boolean matches(String component, String part) {
    int at = 0;
    int star = -1;
    int starAt = 0;
    int i = 0;
    while (i < part.length()) {
      if (at < component.length() && component.charAt(at) == '*') {
        star = at++;
        starAt = i;
      } else if (at < component.length() && component.charAt(at) == part.charAt(i)) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++starAt;
      } else {
        return false;
      }
    }
    while (at < component.length() && component.charAt(at) == '*') {
      at++;
    }
    return at == component.length();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RepositoryPattern pattern && text.equals(pattern.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
