package dev.weir.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class PullSecretTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir Path directory;
  private Path file;
  private final List<String> warnings = new ArrayList<>();
  private Instant now = START;

  @BeforeEach
  void nameTheFile() {
    file = directory.resolve("pull-secret.json");
  }

  @ParameterizedTest
  @CsvSource({"quay.io, openshift-release-dev/ocp-release, releases", "quay.io, openshift-release-dev, releases",
      "quay.io, openshift-release-devious/x, whole", "quay.io, other/x, whole", "docker.io, library/busybox, hub",
      "registry-1.docker.io, library/busybox, hub", "host:5000, a/b, port", "QUAY.IO, other/x, whole"})
  void theLongestKeyWins(String registry, String repository, String user) throws IOException {
    write(auths(Map.of("quay.io/openshift-release-dev", "releases:p", "https://quay.io/", "whole:p",
        "https://index.docker.io/v1/", "hub:p", "host:5000", "port:p")));
    assertThat(secret().credentials(registry, repository).map(Credentials::username)).contains(user);
  }

  @ParameterizedTest
  @CsvSource({"host, a", "host:5001, a", "uay.io, a", "quay.io.example.com, a"})
  void anotherHostOrPortHasNoCredentials(String registry, String repository) throws IOException {
    write(auths(Map.of("host:5000", "u:p", "quay.io", "u:p")));
    assertThat(secret().credentials(registry, repository)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"user:pass, user, pass", "12345|name:eyJ:x:y, 12345|name, eyJ:x:y", "user:, user, ''"})
  void authIsSplitAtItsFirstColon(String pair, String user, String password) throws IOException {
    write(auths(Map.of("quay.io", pair)));
    assertThat(secret().credentials("quay.io", "a")).contains(new Credentials(user, password));
  }

  @Test
  void plainFieldsCountWhereThereIsNoAuth() throws IOException {
    write("{\"auths\": {\"quay.io\": {\"username\": \"u\", \"password\": \"p\", \"email\": \"e\"}}}");
    assertThat(secret().credentials("quay.io", "a")).contains(new Credentials("u", "p"));
  }

  @Test
  void anEntryThatIsOfNoUseIsNamedOnceAndTheOthersCount() throws IOException {
    write(
        "{\"auths\": {\"bad.io\": {\"auth\": \"%%geheim\"}, \"token.io\": {\"identitytoken\": \"geheim\"}, \"empty.io\": {},"
            + " \"quay.io\": {\"auth\": \"" + base64("u:p") + "\"}}}");
    PullSecret secret = secret();
    tick();
    assertThat(secret.credentials("quay.io", "a")).isPresent();
    assertThat(secret.credentials("bad.io", "a")).isEmpty();
    assertThat(warnings).singleElement().asString().contains("bad.io", "token.io").doesNotContain("geheim", "empty.io");
  }

  @Test
  void credentialHelpersAreNamedOnce() throws IOException {
    write("{\"credsStore\": \"secretservice\", \"credHelpers\": {\"gcr.io\": \"gcloud\"}}");
    PullSecret secret = secret();
    tick();
    assertThat(secret.credentials("gcr.io", "a")).isEmpty();
    assertThat(warnings).singleElement().asString().contains("credHelpers");
  }

  @Test
  void aChangedFileIsTakenUpAfterASecondAndNotBefore() throws IOException {
    write(auths(Map.of("quay.io", "old:p")));
    PullSecret secret = secret();
    write(auths(Map.of("quay.io", "newer:p")));
    assertThat(user(secret)).contains("old");
    now = now.plusMillis(999);
    assertThat(user(secret)).contains("old");
    now = now.plusMillis(1);
    assertThat(user(secret)).contains("newer");
  }

  @Test
  void aChangeThatKeepsSizeAndTimeIsSeenWhileTheFileIsFresh() throws IOException {
    write(auths(Map.of("quay.io", "one:p")));
    PullSecret secret = secret();
    FileTime time = Files.getLastModifiedTime(file);
    write(auths(Map.of("quay.io", "two:p")));
    Files.setLastModifiedTime(file, time);
    tick();
    assertThat(user(secret)).contains("two");
  }

  @Test
  void aSettledFileIsNotReadAgain() throws IOException {
    write(auths(Map.of("quay.io", "one:p")));
    FileTime old = FileTime.from(START.minusSeconds(3600));
    Files.setLastModifiedTime(file, old);
    PullSecret secret = secret();
    Files.writeString(file, auths(Map.of("quay.io", "two:p")));
    Files.setLastModifiedTime(file, old);
    tick();
    assertThat(user(secret)).contains("one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"auths\": {\"quay.io\": {\"auth\": \"geheim", "[]", "{\"auths\": []}", "geheim",
      "{} geheim"})
  void aBrokenFileKeepsTheOldCredentialsAndIsReportedOnce(String broken) throws IOException {
    write(auths(Map.of("quay.io", "old:p")));
    PullSecret secret = secret();
    write(broken);
    tick();
    assertThat(user(secret)).contains("old");
    tick();
    assertThat(user(secret)).contains("old");
    assertThat(warnings).singleElement().asString().contains(file.toString(), "stays in force")
        .doesNotContain("geheim");
    write(auths(Map.of("quay.io", "new:p")));
    tick();
    assertThat(user(secret)).contains("new");
    assertThat(warnings).hasSize(1);
  }

  @Test
  void aFileThatIsMissingAtStartIsTakenUpWhenItComes() throws IOException {
    PullSecret secret = secret();
    assertThat(user(secret)).isEmpty();
    assertThat(warnings).singleElement().asString().contains("is not there");
    write(auths(Map.of("quay.io", "late:p")));
    tick();
    assertThat(user(secret)).contains("late");
  }

  @Test
  void aFileThatVanishesKeepsItsCredentials() throws IOException {
    write(auths(Map.of("quay.io", "old:p")));
    PullSecret secret = secret();
    Files.delete(file);
    tick();
    assertThat(user(secret)).contains("old");
  }

  @Test
  void aClockSetBackDoesNotStopTheLooking() throws IOException {
    write(auths(Map.of("quay.io", "old:p")));
    PullSecret secret = secret();
    write(auths(Map.of("quay.io", "new:p")));
    now = START.minus(Duration.ofDays(1));
    assertThat(user(secret)).contains("new");
  }

  @Test
  void aFileOfAnotherShapeInsideIsNoReasonToFail() throws IOException {
    write("{\"auths\": {\"quay.io\": 5, \"b\": null, \"c\": {\"auth\": {}}}}");
    assertThatCode(() -> secret().credentials("quay.io", "a")).doesNotThrowAnyException();
  }

  private Optional<String> user(PullSecret secret) {
    return secret.credentials("quay.io", "a/b").map(Credentials::username);
  }

  private PullSecret secret() {
    return new PullSecret(file, () -> now, warnings::add);
  }

  private void tick() {
    now = now.plusSeconds(1);
  }

  /** Stamped by the test's clock, as a file written just now is. */
  private void write(String content) throws IOException {
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(now));
  }

  private static String auths(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(entry -> "\"" + entry.getKey() + "\": {\"auth\": \"" + base64(entry.getValue()) + "\", \"email\": \"e\"}")
        .collect(Collectors.joining(", ", "{\"auths\": {", "}}"));
  }

  private static String base64(String pair) {
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
