package dev.weir.server.push;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.auth.AccessRule;
import dev.weir.auth.AccessRules;
import dev.weir.auth.Action;
import dev.weir.auth.RepositoryPattern;
import dev.weir.auth.Who;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;

class PushPolicyTest {
  /** For everybody, so that it matters not who asks. */
  private static final AccessRules RULES = new AccessRules(List.of(new AccessRule(Set.of(AccessRule.ANONYMOUS),
      List.of(RepositoryPattern.parse("quay.io/ours/**"), RepositoryPattern.parse("box/**")), Set.of(Action.PUSH))),
      false);

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      # read only | proxy | delete | push by tag  | push by digest | upload      | delete
      false       | false | true   | yes          | yes            | yes         | yes
      false       | false | false  | yes          | yes            | yes         | UNSUPPORTED
      true        | false | true   | UNSUPPORTED  | UNSUPPORTED    | UNSUPPORTED | UNSUPPORTED
      false       | true  | true   | UNSUPPORTED  | UNSUPPORTED    | UNSUPPORTED | UNSUPPORTED
      """)
  void whatMayChangeDependsOnTheConfiguration(boolean readOnly, boolean proxy, boolean delete, String byTag,
      String byDigest, String upload, String deleting) {
    PushPolicy policy = new PushPolicy(readOnly, proxy, delete, Set.of("quay.io"), () -> AccessRules.OPEN);
    RepositoryName name = RepositoryName.parse("team/app");
    assertThat(answer(() -> policy.requirePush(Who.ANYBODY, name, Reference.parse("v1")))).isEqualTo(byTag);
    assertThat(answer(() -> policy.requirePush(Who.ANYBODY, name, Reference.parse("sha256:" + "0".repeat(64)))))
        .isEqualTo(byDigest);
    assertThat(answer(() -> policy.requirePush(Who.ANYBODY, name))).isEqualTo(upload);
    assertThat(answer(() -> policy.requireDelete(Who.ANYBODY, name))).isEqualTo(deleting);
  }

  @ParameterizedTest
  @CsvSource({"quay.io/a/b,v1,DENIED", "quay.io,v1,DENIED", "quay.io.example/a,v1,yes", "a/quay.io,v1,yes"})
  void noTagIsPushedToAnUpstreamsName(String name, String reference, String expected) {
    PushPolicy policy = new PushPolicy(false, false, false, Set.of("quay.io"), () -> AccessRules.OPEN);
    assertThat(answer(() -> policy.requirePush(Who.ANYBODY, RepositoryName.parse(name), Reference.parse(reference))))
        .isEqualTo(expected);
    assertThat(answer(
        () -> policy.requirePush(Who.ANYBODY, RepositoryName.parse(name), Reference.parse("sha256:" + "0".repeat(64)))))
        .isEqualTo("yes");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      # read only | proxy | name           | push by tag | delete
      false       | false | quay.io/ours/a | yes         | yes
      false       | false | quay.io/other  | DENIED      | yes
      false       | true  | box/a          | yes         | UNSUPPORTED
      false       | true  | quay.io/ours/a | yes         | UNSUPPORTED
      false       | true  | other/a        | UNSUPPORTED | UNSUPPORTED
      true        | false | box/a          | UNSUPPORTED | UNSUPPORTED
      """)
  void aRuleAllowsWhatTheWantOfRulesDoesNot(boolean readOnly, boolean proxy, String name, String byTag,
      String deleting) {
    PushPolicy policy = new PushPolicy(readOnly, proxy, true, Set.of("quay.io"), () -> RULES);
    RepositoryName repository = RepositoryName.parse(name);
    assertThat(answer(() -> policy.requirePush(Who.ANYBODY, repository, Reference.parse("v1")))).isEqualTo(byTag);
    assertThat(answer(() -> policy.requireDelete(Who.ANYBODY, repository))).isEqualTo(deleting);
  }

  private interface Question {
    void ask() throws RegistryException;
  }

  private static String answer(Question question) {
    try {
      question.ask();
      return "yes";
    } catch (RegistryException e) {
      return e.code().name();
    }
  }
}
