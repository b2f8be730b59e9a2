package dev.weir.auth;

import java.util.List;
import java.util.Set;

/**
 * Some users may do something to some repositories.
 *
 * @param users names; {@value #ANY_USER} for every user, {@value #ANONYMOUS} for everybody, credentials or not
 */
public record AccessRule(Set<String> users, List<RepositoryPattern> repositories, Set<Action> actions) {
  public static final String ANY_USER = "*";
  public static final String ANONYMOUS = "anonymous";

  public AccessRule {
    users = Set.copyOf(users);
    repositories = List.copyOf(repositories);
    actions = Set.copyOf(actions);
  }

  /** What nobody in particular may do, somebody in particular may do too: logging in takes nothing away. */
  boolean concerns(Who who) {
    return users.contains(ANONYMOUS) || switch (who) {
      case Who.Anybody anybody -> false;
      case Who.User user -> users.contains(ANY_USER) || users.contains(user.name());
    };
  }

  boolean allows(Who who, Action action, String repository) {
    return actions.contains(action) && concerns(who)
        && repositories.stream().anyMatch(pattern -> pattern.matches(repository));
  }

  boolean allowsWithin(Who who, Action action, String first) {
    return actions.contains(action) && concerns(who)
        && repositories.stream().anyMatch(pattern -> pattern.mayMatchWithin(first));
  }

  boolean allowsEverywhere(Who who, Action action) {
    return actions.contains(action) && concerns(who)
        && repositories.stream().anyMatch(RepositoryPattern::isEverything);
  }
}
