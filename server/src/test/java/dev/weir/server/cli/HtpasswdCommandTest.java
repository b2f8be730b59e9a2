package dev.weir.server.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class HtpasswdCommandTest {
  private String file = "";

  /** What a command said, on both streams. */
  private record Run(int exit, String said) {}

  @BeforeEach
  void choose(@TempDir Path directory) {
    file = directory.resolve("htpasswd").toString();
  }

  private static Run run(String input, String... arguments) {
    InputStream in = System.in;
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream both = new PrintStream(said, true, UTF_8)) {
      System.setIn(new ByteArrayInputStream(input.getBytes(UTF_8)));
      System.setOut(both);
      System.setErr(both);
      return new Run(Program.run(arguments), said.toString(UTF_8));
    } finally {
      System.setIn(in);
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void aUserIsAddedCheckedChangedAndRemoved() throws Exception {
    Run added = run("secret\n", "htpasswd", "--cost", "5", file, "alice");
    assertThat(added).isEqualTo(new Run(0, "user alice is added\n"));
    assertThat(Files.readString(Path.of(file))).startsWith("alice:$2y$05$");
    assertThat(run("secret", "htpasswd", "--check", file, "alice").exit()).isZero();
    assertThat(run("Secret\r\n", "htpasswd", "--check", file, "alice").exit()).isEqualTo(1);
    assertThat(run("größer\r\n", "htpasswd", file, "alice").said()).isEqualTo("user alice has another password\n");
    assertThat(Files.readString(Path.of(file))).startsWith("alice:$2y$10$");
    assertThat(run("größer", "htpasswd", "--check", file, "alice").exit()).isZero();
    assertThat(run("", "htpasswd", "--delete", file, "alice").exit()).isZero();
    assertThat(run("größer", "htpasswd", "--check", file, "alice").exit()).isNotZero();
  }

  @Test
  void whatCannotBeDoneIsExplainedAndChangesNothing() throws Exception {
    for (List<String> arguments : List.of(List.of("htpasswd", file, "alice"), List.of("htpasswd", file, "a:b"),
        List.of("htpasswd", "--delete", file, "bob"), List.of("htpasswd", "--cost", "40", file, "alice"),
        List.of("htpasswd", "--delete", "--check", file, "bob"), List.of("htpasswd", file))) {
      Run run = run(arguments.contains("--cost") ? "hunter2" : "", arguments.toArray(String[]::new));
      assertThat(run.exit()).as("%s", arguments).isNotZero();
      assertThat(run.said()).isNotBlank().doesNotContain("hunter2", "Exception");
      assertThat(Path.of(file)).doesNotExist();
    }
    assertThat(run("two\nlines\n", "htpasswd", file, "alice").said()).contains("one line");
  }
}
