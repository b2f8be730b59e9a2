package dev.weir.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dev.weir.auth.AccessRule;
import dev.weir.auth.Action;
import dev.weir.auth.RepositoryPattern;

/** Binds {@code rules}. */
final class Rules {
  private static final Set<String> KEYS = Set.of("users", "repositories", "actions");

  private final Findings findings;

  Rules(Findings findings) {
    this.findings = findings;
  }

  List<AccessRule> bind(List<Node> items) {
    List<AccessRule> bound = new ArrayList<>();
    for (Node item : items) {
      try {
        bound.add(rule(item));
      } catch (IllegalArgumentException e) {
        findings.problem(item.origin(), "rules", String.valueOf(e.getMessage()));
      }
    }
    return bound;
  }

  private static AccessRule rule(Node item) {
    if (!(item instanceof Node.Mapping mapping)) {
      throw new IllegalArgumentException(
          item.shape() + " stands here where users, repositories and actions are wanted");
    }
    for (String name : mapping.entries().keySet()) {
      if (!KEYS.contains(name)) {
        Optional<String> near = Nearest.to(name, KEYS);
        throw new IllegalArgumentException(
            "no such key in a rule: " + name + near.map(other -> "; did you mean " + other + "?").orElse(""));
      }
    }
    return new AccessRule(Set.copyOf(texts(mapping, "users", Rules::user)),
        texts(mapping, "repositories", RepositoryPattern::parse), Set.copyOf(texts(mapping, "actions", Rules::action)));
  }

  private static <T> List<T> texts(Node.Mapping rule, String key, Function<String, T> reading) {
    Map<String, Node> entries = rule.entries();
    Node node = entries.getOrDefault(key, new Node.Nothing(rule.origin()));
    if (node.asksForNothing()) {
      throw new IllegalArgumentException("a rule says which users may do which actions to which repositories; this one"
          + " has no " + key);
    }
    return Kind.ONE_OR_MORE_TEXTS.parse(node).stream().map(text -> one(key, text, reading)).toList();
  }

  private static <T> T one(String key, String text, Function<String, T> reading) {
    try {
      return reading.apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": '" + text + "': " + e.getMessage(), e);
    }
  }

  private static String user(String text) {
    if (text.isBlank() || text.contains(":")) {
      throw new IllegalArgumentException("a user's name has no colon, and is not empty");
    }
    return text;
  }

  private static Action action(String text) {
    for (Action action : Action.values()) {
      if (action.name().toLowerCase(Locale.ROOT).equals(text)) {
        return action;
      }
    }
    throw new IllegalArgumentException("the actions are pull, push, delete and admin");
  }
}
