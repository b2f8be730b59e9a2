package dev.weir.server.push;

import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;

class PushPolicyTest {
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
    PushPolicy policy = new PushPolicy(readOnly, proxy, delete, Set.of("quay.io"));
    RepositoryName name = RepositoryName.parse("team/app");
    assertThat(answer(() -> policy.requirePush(name, Reference.parse("v1")))).isEqualTo(byTag);
    assertThat(answer(() -> policy.requirePush(name, Reference.parse("sha256:" + "0".repeat(64)))))
        .isEqualTo(byDigest);
    assertThat(answer(policy::requirePush)).isEqualTo(upload);
    assertThat(answer(policy::requireDelete)).isEqualTo(deleting);
  }

  @ParameterizedTest
  @CsvSource({"quay.io/a/b,v1,DENIED", "quay.io,v1,DENIED", "quay.io.example/a,v1,yes", "a/quay.io,v1,yes"})
  void noTagIsPushedToAnUpstreamsName(String name, String reference, String expected) {
    PushPolicy policy = new PushPolicy(false, false, false, Set.of("quay.io"));
    assertThat(answer(() -> policy.requirePush(RepositoryName.parse(name), Reference.parse(reference))))
        .isEqualTo(expected);
    assertThat(answer(
        () -> policy.requirePush(RepositoryName.parse(name), Reference.parse("sha256:" + "0".repeat(64)))))
        .isEqualTo("yes");
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
