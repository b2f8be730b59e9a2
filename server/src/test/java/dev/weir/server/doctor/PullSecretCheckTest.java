package dev.weir.server.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.doctor.Finding.Level;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class PullSecretCheckTest {
  @TempDir private Path folder;

  private List<Finding> check(String json) throws Exception {
    Path file = Files.writeString(folder.resolve("secret.json"), json);
    return run("pullsecret: '" + file + "'\n");
  }

  private List<Finding> run(String yaml) {
    String upstreams = "upstreams: {quay.io: {}, registry.redhat.io: {}}\n";
    return Written.advised(new PullSecretCheck(Written.config(folder, yaml + upstreams), InstantSource.system()).run());
  }

  private static String auths(String registry, String password) {
    return "{\"auths\":{\"" + registry + "\":{\"auth\":\""
        + Base64.getEncoder().encodeToString(("1|user:" + password).getBytes(UTF_8)) + "\"}}}";
  }

  private static String jwt(Instant end) {
    return "e30." + Base64.getUrlEncoder().withoutPadding()
        .encodeToString(("{\"exp\":" + end.getEpochSecond() + "}").getBytes(UTF_8)) + ".c2ln";
  }

  @Test
  void registryThatGivesNothingWithoutALoginIsNamed() throws Exception {
    assertThat(Written.about(run(""), "no credentials for registry.redhat.io").level()).isEqualTo(Level.WARN);
    assertThat(Written.about(check(auths("quay.io", "pw")), "no credentials for registry.redhat.io").level())
        .isEqualTo(Level.WARN);
    assertThat(check(auths("registry.redhat.io", "pw"))).singleElement()
        .satisfies(finding -> assertThat(finding.what()).endsWith("has credentials for registry.redhat.io"));
  }

  @Test
  void tokenThatSaysThatItEndedIsWarnedOf() throws Exception {
    String ended = jwt(Instant.parse("2020-01-01T00:00:00Z"));
    Finding finding = Written.about(check(auths("registry.redhat.io/team", ended)), "ended on 2020-01-01T00:00:00Z");
    assertThat(finding.level()).isEqualTo(Level.WARN);
    assertThat(finding.what()).doesNotContain(ended);
    assertThat(check(auths("registry.redhat.io", jwt(Instant.now().plusSeconds(600))))).hasSize(1);
  }

  @Test
  void fileThatIsBrokenOrNotThereIsAFailure() throws Exception {
    assertThat(Written.about(check("{\"auths\": {"), "is not JSON").level()).isEqualTo(Level.FAIL);
    assertThat(Written.about(run("pullsecret: '" + folder.resolve("absent") + "'\n"), "is not there").level())
        .isEqualTo(Level.FAIL);
    assertThat(Written.about(check("{\"auths\":{}}"), "holds no credentials").level()).isEqualTo(Level.WARN);
  }

  @Test
  void entryThatIsOfNoUseLeavesTheOthersInForce() throws Exception {
    String json = auths("registry.redhat.io", "pw").replace("}}}", "},\"quay.io\":{\"auth\":\"!!!\"}}}");
    List<Finding> findings = check(json);
    assertThat(Written.about(findings, "the entry quay.io is left out").level()).isEqualTo(Level.WARN);
    assertThat(Written.about(findings, "has credentials for registry.redhat.io").level()).isEqualTo(Level.OK);
  }
}
