package dev.weir.auth;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AccessRulesTest {
  private static final AccessRules RULES = new AccessRules(
      List.of(rule("anonymous", "public/**", Action.PULL), rule("*", "shared/**", Action.PULL),
          rule("alice", "team/**", Action.PULL, Action.PUSH), rule("alice", "team/app", Action.DELETE),
          rule("root", "**", Action.ADMIN), rule("carol", "team/**", Action.ADMIN)),
      true);

  private static AccessRule rule(String user, String repositories, Action... actions) {
    return new AccessRule(Set.of(user), List.of(RepositoryPattern.parse(repositories)), Set.of(actions));
  }

  private static Who who(String name) {
    return name.equals("-") ? Who.ANYBODY : new Who.User(name);
  }

  @ParameterizedTest
  @CsvSource({"-,PULL,public/a,true", "-,PULL,shared/a,false", "-,PUSH,public/a,false", "-,PULL,team/app,false",
      "alice,PULL,public/a,true", "alice,PULL,shared/a,true", "alice,PULL,team/app,true", "alice,PUSH,team/x/y,true",
      "alice,DELETE,team/app,true", "alice,DELETE,team/x,false", "alice,ADMIN,team/app,false", "alice,PULL,other,false",
      "alice,PULL,team,false", "bob,PULL,shared/a,true", "bob,PUSH,shared/a,false", "bob,PULL,team/app,false",
      "bob,PULL,public/x,true", "root,PULL,team/app,false", "root,ADMIN,team/app,true", "Alice,PULL,team/app,false",
      "anonymous,PUSH,public/a,false", "*,PULL,team/app,false", "carol,ADMIN,team/app,true"})
  void aRuleAllowsWhatItSaysAndNothingElse(String name, Action action, String repository, boolean allowed) {
    assertThat(RULES.allow(who(name), action, repository)).isEqualTo(allowed);
    assertThat(RULES.grant(who(name), action, repository)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"root,true", "carol,false", "alice,false", "-,false"})
  void weirItselfIsAdministeredByThoseWithAdminOverEverything(String name, boolean allowed) {
    assertThat(RULES.allowAdministration(who(name))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"true,alice,PUSH,true", "true,alice,ADMIN,true", "true,-,PULL,false", "false,-,PULL,true",
      "false,-,DELETE,true", "false,-,ADMIN,false"})
  void withoutRulesEveryUserMayDoEverything(boolean usersExist, String name, Action action, boolean allowed) {
    AccessRules none = new AccessRules(List.of(), usersExist);
    assertThat(none.allow(who(name), action, "a")).isEqualTo(allowed);
    assertThat(none.grant(who(name), action, "a")).isFalse();
    assertThat(none.allowAnything(who(name))).isEqualTo(!name.equals("-") || !usersExist);
    if (action == Action.ADMIN) {
      assertThat(none.allowAdministration(who(name))).isEqualTo(allowed);
    }
  }

  @Test
  void nobodyIsAskedInWhoMayDoNothing() {
    assertThat(RULES.allowAnything(Who.ANYBODY)).isTrue();
    AccessRules users = new AccessRules(List.of(rule("alice", "**", Action.PULL)), true);
    assertThat(users.allowAnything(Who.ANYBODY)).isFalse();
    assertThat(users.allowAnything(new Who.User("bob"))).isFalse();
    assertThat(users.allowAnything(new Who.User("alice"))).isTrue();
  }
}
