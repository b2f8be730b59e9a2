package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadmeTest {
  @Test
  void ciRunsTheTestCommandThatTheReadmeGives() throws IOException {
    List<String> readme = Files.readAllLines(Path.of("..", "README.md"));
    String command = readme.stream().map(String::strip).filter(line -> line.startsWith("mvn ")).findFirst()
        .orElseThrow();

    assertThat(Files.readString(Path.of("..", ".ci", "run")))
        .containsPattern("(?m)^\\Q" + command + "\\E( \\|\\| .*)?$");
  }
}
