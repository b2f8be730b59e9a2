package dev.weir.server.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import dev.weir.server.pullthrough.TestWeir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Isolated("looks at what the process writes")
class HealthCommandTest {
  @TempDir private Path directory;
  private Path root;
  private Path config;
  private String socket;

  @BeforeEach
  void configure() throws IOException {
    root = directory.resolve("data");
    socket = "admin: {socket: '" + directory.resolve("s") + "'}";
    config = Files.writeString(directory.resolve("weir.yml"),
        "version: 0.1\nstorage: {filesystem: {rootdirectory: '" + root + "'}}\n" + socket + "\n");
  }

  @Test
  void aWeirThatServesIsHealthyAndOneThatCannotReadItsDataIsNot() throws Exception {
    Path away = directory.resolve("away");
    try (TestWeir _ = TestWeir.in(root).section(socket).start()) {
      assertThat(said()).isEqualTo("0 ready");
      Files.move(root, away);
      assertThat(said()).isEqualTo("1 cannot read " + root);
      Files.move(away, root);
      assertThat(said()).isEqualTo("0 ready");
    }
  }

  @Test
  void whereNoneRunsThatIsSaid() {
    assertThatThrownBy(() -> HealthCommand.ask(Optional.of(config))).isInstanceOf(IOException.class)
        .hasMessageContaining("no weir answers at " + directory.resolve("s"));
  }

  /** The exit status, and the line. */
  private String said() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, UTF_8));
    try {
      int status = HealthCommand.ask(Optional.of(config));
      return status + " " + out.toString(UTF_8).strip();
    } finally {
      System.setOut(before);
    }
  }
}
