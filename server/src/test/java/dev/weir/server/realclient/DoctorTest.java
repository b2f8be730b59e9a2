package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.upstream.ScriptedRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** {@code weir doctor} as a program of its own. */
class DoctorTest {
  @TempDir private Path directory;

  private static Outcome doctor(List<String> before, String... arguments) {
    List<String> words = new ArrayList<>(List.of("doctor"));
    words.addAll(List.of(arguments));
    List<String> command = new ArrayList<>(before);
    command.addAll(WeirProgram.brief(words.toArray(String[]::new)));
    return new Command(command, Map.of("NO_PROXY", "127.0.0.1"), Duration.ofMinutes(1)).run();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.map(Path::toString).sorted().toList();
    }
  }

  private Path config(String sections) throws IOException {
    return Files.writeString(directory.resolve("doctor.yml"), """
        http: {addr: "127.0.0.1:0"}
        storage: {filesystem: {rootdirectory: "%s"}}
        %s
        """.formatted(directory.resolve("data"), sections));
  }

  @Test
  void whatIsWellEndsWithStatusZeroAndLeavesNoTrace() throws IOException {
    try (ScriptedRegistry registry = ScriptedRegistry.quay()) {
      Path config = config("upstreams: {hub: {remoteurl: '" + registry.uri() + "'}}");
      List<String> before = files();
      Outcome outcome = doctor(List.of(), config.toString());
      assertThat(outcome.stdout()).contains("ok    upstream hub: ", "gives a token without credentials")
          .endsWith(", 0 fail\n");
      assertThat(outcome.exit()).as(outcome.toString()).isZero();
      assertThat(outcome.stderr()).isEmpty();
      assertThat(files()).isEqualTo(before);
    }
  }

  @Test
  void whatIsWrongEndsWithStatusOneAndIsReadByScripts() throws IOException {
    Path config = config("pullsecret: '" + directory.resolve("absent.json") + "'");
    Outcome outcome = doctor(List.of(), "--offline", "--output", "json", config.toString());
    assertThat(outcome.exit()).isEqualTo(1);
    JsonNode report = new ObjectMapper().readTree(outcome.stdout());
    assertThat(report.path("fail").asInt()).isEqualTo(1);
    assertThat(report.path("findings")).filteredOn(each -> each.path("level").asText().equals("fail")).singleElement()
        .satisfies(each -> {
          assertThat(each.path("subject").asText()).isEqualTo("pull secret");
          assertThat(each.path("what").asText()).contains("absent.json is not there");
          assertThat(each.path("todo").asText()).isNotEmpty();
        });
    assertThat(doctor(List.of(), "--output", "xml").exit()).isEqualTo(2);
  }

  @Test
  void weirThatRunsIsRecognizedByItsLockAndPort() throws IOException {
    try (WeirProcess weir = WeirProcess.start(directory, directory.resolve("data"), "")) {
      Path config = Files.writeString(directory.resolve("doctor.yml"),
          Files.readString(directory.resolve("weir.yml")).replace("127.0.0.1:0", weir.hostAndPort()));
      Outcome outcome = doctor(List.of(), "--offline", config.toString());
      assertThat(outcome.stdout()).contains("a weir runs on " + directory.resolve("data"),
          "which is the weir that runs",
          "limits: the weir that runs, process ");
      assertThat(outcome.exit()).as(outcome.toString()).isZero();
      weir.stop();
      assertThat(doctor(List.of(), "--offline", config.toString()).stdout()).contains(weir.hostAndPort() + " is free")
          .doesNotContain("a weir runs on");
    }
  }

  @Test
  @NeedsPrograms("setpriv")
  void rootThatBelongsToSomebodyElseIsAFailure() throws IOException {
    assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).as("only uid 0 can give files away").isEqualTo(0);
    Path root = Files.createDirectories(directory.resolve("data"));
    Files.setAttribute(root, "unix:uid", 12_345);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Outcome outcome = doctor(
        List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown"), "--offline",
        config("").toString());
    assertThat(outcome.stdout()).contains("fail  permissions: cannot write to " + root
        + " as uid 0 (it belongs to uid 12345, mode 755); run weir as the user", "chown -R 0 " + root);
    assertThat(outcome.exit()).isEqualTo(1);
  }
}
