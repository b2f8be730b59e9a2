package dev.weir.server.push;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.weir.auth.AccessRule;
import dev.weir.auth.AccessRules;
import dev.weir.auth.Action;
import dev.weir.auth.RepositoryPattern;
import dev.weir.auth.Who;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;

class PushPolicyTest {
  private static final Reference TAG = Reference.parse("v1");
  private static final Reference DIGEST = Reference.parse("sha256:" + "a".repeat(64));
  private static final AccessRules RULES = new AccessRules(List.of(new AccessRule(Set.of("anonymous"),
      List.of(RepositoryPattern.parse("quay.io/ours/**"), RepositoryPattern.parse("box/**")), Set.of(Action.PUSH))),
      false);

  private static PushPolicy policy(boolean readOnly, boolean pureProxy, AccessRules rules) {
    return new PushPolicy(readOnly, pureProxy, true, Set.of("quay.io"), () -> rules);
  }

  @FunctionalInterface
  private interface Demand {
    void run() throws RegistryException;
  }

  private static Optional<ErrorCode> refused(Demand demand) {
    try {
      demand.run();
      return Optional.empty();
    } catch (RegistryException e) {
      return Optional.of(e.code());
    }
  }

  private static Optional<ErrorCode> push(PushPolicy policy, String name, Reference reference) {
    return refused(() -> policy.requirePush(Who.ANYBODY, RepositoryName.parse(name), reference));
  }

  @Test
  void withoutRulesEverythingMayBePushedButTagsBelowAnUpstream() {
    PushPolicy policy = policy(false, false, AccessRules.OPEN);
    assertThat(push(policy, "box/a", TAG)).isEmpty();
    assertThat(push(policy, "quay.io/ours/a", DIGEST)).isEmpty();
    assertThat(push(policy, "quay.io/ours/a", TAG)).contains(ErrorCode.DENIED);
  }

  @Test
  void aPureProxyTakesNothingUnlessARuleSaysSo() {
    PushPolicy bare = policy(false, true, AccessRules.OPEN);
    assertThat(push(bare, "box/a", TAG)).contains(ErrorCode.UNSUPPORTED);
    PushPolicy ruled = policy(false, true, RULES);
    assertThat(push(ruled, "box/a", TAG)).isEmpty();
    assertThat(push(ruled, "quay.io/ours/a", TAG)).isEmpty();
    assertThat(push(ruled, "other/a", TAG)).contains(ErrorCode.UNSUPPORTED);
    assertThat(refused(() -> ruled.requireDelete(Who.ANYBODY, RepositoryName.parse("box/a"))))
        .contains(ErrorCode.UNSUPPORTED);
  }

  @Test
  void readOnlyGoesBeforeEveryRule() {
    assertThat(push(policy(true, false, RULES), "box/a", TAG)).contains(ErrorCode.UNSUPPORTED);
    assertThat(push(policy(false, false, RULES), "quay.io/ours/a", TAG)).isEmpty();
    assertThat(push(policy(false, false, RULES), "quay.io/other/a", TAG)).contains(ErrorCode.DENIED);
  }

  @Test
  void deletingIsSwitchedOnByItself() {
    PushPolicy off = new PushPolicy(false, false, false, Set.of(), () -> AccessRules.OPEN);
    assertThat(refused(() -> off.requireDelete(Who.ANYBODY, RepositoryName.parse("a"))))
        .contains(ErrorCode.UNSUPPORTED);
    assertThat(refused(
        () -> policy(false, false, AccessRules.OPEN).requireDelete(Who.ANYBODY, RepositoryName.parse("a")))).isEmpty();
  }
}
