package dev.weir.server.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

@Isolated("looks at what the process writes")
class PlainCommandTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"serve", "serve weir.yml", "serve /etc/docker/registry/config.yml", "health",
      "health weir.yml"})
  void aCommandWithNothingButItsConfigurationIsPlain(String line) {
    assertThat(PlainCommand.isMeantBy(line.split(" "))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--version", "demo", "serve --check", "serve --check weir.yml", "serve weir.yml --check",
      "serve --help", "serve -- weir.yml", "health --help", "healthy", "serve @arguments", "serve a.yml b.yml",
      "htpasswd serve"})
  void everythingElseIsLeftToPicocli(String line) {
    assertThat(PlainCommand.isMeantBy(line.split(" "))).isFalse();
  }

  @Test
  void whatIsWrongIsSaidInTheSameWords() throws Exception {
    Path broken = Files.writeString(directory.resolve("broken.yml"),
        "version: 0.1\nupstreams: {quay.io: {colour: 1}}\n");
    for (String file : List.of(broken.toString(), directory.resolve("absent.yml").toString(), directory.toString())) {
      sayTheSame(file, "serve", file);
      sayTheSame(file, "health", file);
    }
  }

  private static void sayTheSame(String about, String... words) {
    CommandLine commands = WeirCommand.commands();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    commands.setErr(new PrintWriter(said, true, UTF_8));
    int status = commands.execute(words);

    ByteArrayOutputStream plainSaid = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(plainSaid, true, UTF_8));
    try {
      assertThat(PlainCommand.run(words)).isEqualTo(status).isNotZero();
    } finally {
      System.setErr(before);
    }
    assertThat(plainSaid.toString(UTF_8)).isEqualTo(said.toString(UTF_8)).contains(about);
  }
}
