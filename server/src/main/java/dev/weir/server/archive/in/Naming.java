package dev.weir.server.archive.in;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.weir.storage.RepositoryName;

/** Where repositories go: by their own names, or those that begin with a certain path below another. Pure. */
public record Naming(List<Rule> rules) {
  /** Everything by its own name. */
  public static final Naming AS_IT_IS = new Naming(List.of());

  public Naming {
    rules = rules.stream().sorted(Comparator.comparingInt((Rule rule) -> rule.from().length()).reversed()).toList();
  }

  /**
   * A path and what stands in its place.
   *
   * @param from whole components; empty: every name
   * @param to   whole components; empty: the rest of the name alone
   */
  public record Rule(String from, String to) {}

  /**
   * Rules as the command line has them.
   *
   * @param given {@code FROM=TO}
   * @throws IllegalArgumentException if one cannot be understood; the message is a sentence
   */
  public static Naming parse(List<String> given) {
    List<Rule> rules = new ArrayList<>();
    for (String each : given) {
      int equal = each.indexOf('=');
      if (equal < 0) {
        throw new IllegalArgumentException("--map takes FROM=TO, as in openshift/release=ocp4/openshift4, not " + each);
      }
      rules.add(new Rule(path(each.substring(0, equal), each), path(each.substring(equal + 1), each)));
    }
    return new Naming(rules);
  }

  private static String path(String given, String whole) {
    String path = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    if (!path.isEmpty()) {
      try {
        RepositoryName.parse(path);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--map " + whole + ": " + e.getMessage(), e);
      }
    }
    return path;
  }

  /** @throws IllegalArgumentException if what comes of it is no name */
  RepositoryName of(RepositoryName source) {
    for (Rule rule : rules) {
      if (rule.from().isEmpty()) {
        return RepositoryName.parse(rule.to().isEmpty() ? source.value() : rule.to() + "/" + source);
      }
      if (source.isWithin(rule.from())) {
        String rest = source.value().substring(rule.from().length());
        return RepositoryName
            .parse(rule.to().isEmpty() ? rest.substring(Math.min(1, rest.length())) : rule.to() + rest);
      }
    }
    return source;
  }
}
