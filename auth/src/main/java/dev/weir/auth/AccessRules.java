package dev.weir.auth;

import java.util.List;

/**
 * Who may do what. With any rule, what no rule allows is denied. Without one, every user may do everything; where there
 * are no users at all, everybody may do everything but administer. Pure.
 *
 * @param usersExist whether anybody can prove to be a user here
 */
public record AccessRules(List<AccessRule> rules, boolean usersExist) {
  /** Everybody may do everything but administer. */
  public static final AccessRules OPEN = new AccessRules(List.of(), false);

  public AccessRules {
    rules = List.copyOf(rules);
  }

  /** @param repository its name, normalised */
  public boolean allow(Who who, Action action, String repository) {
    return rules.isEmpty() ? allowWithoutRules(who, action) : grant(who, action, repository);
  }

  /** Whether there is any repository whose name begins with the component {@code first}, and goes on. */
  public boolean allowWithin(Who who, Action action, String first) {
    return rules.isEmpty()
        ? allowWithoutRules(who, action)
        : rules.stream().anyMatch(rule -> rule.allowsWithin(who, action, first));
  }

  /** Whether a rule says so, rather than the want of rules. */
  public boolean grant(Who who, Action action, String repository) {
    return rules.stream().anyMatch(rule -> rule.allows(who, action, repository));
  }

  /** Whether {@code who} may administer weir itself: by a rule about all repositories, {@code **}. */
  public boolean allowAdministration(Who who) {
    return rules.isEmpty()
        ? allowWithoutRules(who, Action.ADMIN)
        : rules.stream().anyMatch(rule -> rule.allowsEverywhere(who, Action.ADMIN));
  }

  /** Whether there is anything at all that {@code who} may do. */
  public boolean allowAnything(Who who) {
    return rules.isEmpty()
        ? allowWithoutRules(who, Action.PULL)
        : rules.stream().anyMatch(rule -> rule.concerns(who));
  }

  private boolean allowWithoutRules(Who who, Action action) {
    return usersExist ? who instanceof Who.User : action != Action.ADMIN;
  }
}
