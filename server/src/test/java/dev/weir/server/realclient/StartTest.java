package dev.weir.server.realclient;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What the first answer has to wait for. */
class StartTest {
  /** Java checks the signatures of a signed jar when it takes the first class out of it, and remembers none of its classes. */
  @Test
  void theFirstAnswerNeedsNothingOutOfASignedJar(@TempDir Path directory) throws Exception {
    assertThat(untilTheFirstAnswer("class+load", directory)).anyMatch(line -> line.contains("dev.weir.server.http."))
        .noneMatch(line -> line.contains("org.bouncycastle."));
  }

  /** No JVM remembers the classes of a jar as old as picocli's: it would look for them in one jar after the other. */
  @Test
  void theFirstAnswerNeedsNothingOfTheCommandLine(@TempDir Path directory) throws Exception {
    assertThat(untilTheFirstAnswer("class+load", directory)).anyMatch(line -> line.contains("dev.weir.server.cli."))
        .noneMatch(line -> line.contains(" picocli."));
  }

  /** Each of these takes longer to make ready than what it would be used for, or looks through the whole class path. */
  @Test
  void theFirstAnswerNeedsNoneOfWhatIsSlowToMakeReady(@TempDir Path directory) throws Exception {
    assertThat(untilTheFirstAnswer("class+init", directory))
        .anyMatch(line -> line.contains("'dev/weir/server/http/RegistryApi'"))
        .noneMatch(line -> Stream.of("com/fasterxml/jackson/databind/ObjectMapper",
            "java/text/DateFormat", "java/time/zone/ZoneRulesProvider", "org/yaml/snakeyaml/Yaml",
            "ch/qos/logback/classic/util/ContextInitializer", "dev/weir/server/config/Effective",
            "dev/weir/server/ui/PageFile").anyMatch(slow -> line.contains("'" + slow + "'")));
  }

  /** What the JVM says of a start. */
  private static List<String> untilTheFirstAnswer(String tag, Path directory) throws Exception {
    Path said = directory.resolve("said");
    ServerProcess weir = start(directory, tag, said);
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI ping = URI.create("http://127.0.0.1:" + weir.port() + "/v2/");
      assertThat(client.send(HttpRequest.newBuilder(ping).build(), BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      return Files.readAllLines(said);
    } finally {
      weir.stop();
    }
  }

  private static ServerProcess start(Path directory, String tag, Path said) throws IOException {
    Path config = Files.writeString(directory.resolve("weir.yml"), """
        version: 0.1
        http: {addr: "127.0.0.1:0"}
        storage: {filesystem: {rootdirectory: "%s"}}
        upstreams: {quay.io: {}}
        """.formatted(directory.resolve("data")));
    List<String> command = new ArrayList<>(WeirProgram.unprepared("serve", config.toString()));
    command.add(1, "-Xlog:" + tag + ":file=" + said);
    return ServerProcess.start(command, Map.of());
  }
}
