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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What the first answer has to wait for. */
class StartTest {
  /** Java checks the signatures of a signed jar when it takes the first class out of it, and remembers none of its classes. */
  @Test
  void theFirstAnswerNeedsNothingOutOfASignedJar(@TempDir Path directory) throws Exception {
    Path loaded = directory.resolve("loaded");
    ServerProcess weir = start(directory, loaded);
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI ping = URI.create("http://127.0.0.1:" + weir.port() + "/v2/");
      assertThat(client.send(HttpRequest.newBuilder(ping).build(), BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    } finally {
      weir.stop();
    }

    assertThat(Files.readAllLines(loaded)).anyMatch(line -> line.contains("dev.weir.server.http."))
        .noneMatch(line -> line.contains("org.bouncycastle."));
  }

  private static ServerProcess start(Path directory, Path loaded) throws IOException {
    Path config = Files.writeString(directory.resolve("weir.yml"), """
        version: 0.1
        http: {addr: "127.0.0.1:0"}
        storage: {filesystem: {rootdirectory: "%s"}}
        upstreams: {quay.io: {}}
        """.formatted(directory.resolve("data")));
    List<String> command = new ArrayList<>(WeirProgram.unprepared("serve", config.toString()));
    command.add(1, "-Xlog:class+load:file=" + loaded);
    return ServerProcess.start(command, Map.of());
  }
}
