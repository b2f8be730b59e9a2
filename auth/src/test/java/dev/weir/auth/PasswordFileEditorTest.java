package dev.weir.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PasswordFileEditorTest {
  @TempDir private Path directory;
  private Path file;
  private PasswordFileEditor editor;

  @BeforeEach
  void choose() {
    file = directory.resolve("htpasswd");
    editor = new PasswordFileEditor(file);
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(each -> String.valueOf(each.getFileName()))).allMatch(List.of("htpasswd", "link")::contains);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aFileIsMadeForItsOwnerAlone() throws IOException {
    assertThat(editor.set("alice", bytes("secret"), 4)).isFalse();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    assertThat(editor.check("alice", bytes("secret"))).isTrue();
    assertThat(editor.check("alice", bytes("other"))).isFalse();
  }

  @Test
  void otherLinesTheirOrderAndTheModeStay() throws IOException {
    Files.writeString(file, "# ours\n\nalice:{SHA}x\nbob:old\n# end\nbob:older");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(editor.set("bob", bytes("secret"), 4)).isTrue();
    assertThat(editor.set("carol", bytes("secret"), 5)).isFalse();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(6).startsWith("# ours", "", "alice:{SHA}x").element(4).isEqualTo("# end");
    assertThat(lines.get(3)).startsWith("bob:$2y$04$");
    assertThat(lines.get(5)).startsWith("carol:$2y$05$");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
  }

  @Test
  void removingTheLastUserLeavesAFileThatLetsNobodyIn() throws IOException {
    editor.set("alice", bytes("secret"), 4);
    assertThat(editor.remove("bob")).isFalse();
    assertThat(editor.remove("alice")).isTrue();
    assertThat(PasswordFile.parse(Files.readAllBytes(file)).hashes()).isEmpty();
    editor.set("bob", bytes("secret"), 4);
    assertThat(Files.readAllLines(file)).hasSize(1);
  }

  @Test
  void aLinkStaysALink() throws IOException {
    editor.set("alice", bytes("secret"), 4);
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    new PasswordFileEditor(link).set("bob", bytes("secret"), 4);
    assertThat(link).isSymbolicLink();
    assertThat(editor.check("bob", bytes("secret"))).isTrue();
  }

  @Test
  void whatCannotBeCheckedIsExplained() throws IOException {
    assertThatThrownBy(() -> editor.remove("alice")).isInstanceOf(NoSuchFileException.class);
    Files.writeString(file, "alice:{SHA}x\n");
    assertThatThrownBy(() -> editor.check("alice", bytes("x"))).hasMessageContaining("not bcrypt");
    assertThatThrownBy(() -> editor.check("bob", bytes("x"))).hasMessage("there is no user bob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b", "#a", " a", "a ", "a\nb", "-"})
  void namesThatAFileCannotHoldAreRefused(String name) {
    assertThatThrownBy(() -> editor.set(name, bytes("secret"), 4)).isInstanceOf(IllegalArgumentException.class);
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\u0000b",
      "123456789012345678901234567890123456789012345678901234567890123456789012x"})
  void passwordsThatBcryptCannotTellApartAreRefused(String password) {
    assertThatThrownBy(() -> editor.set("alice", bytes(password), 4)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("password");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 19, 31})
  void aCostOutOfRangeIsRefused(int cost) {
    assertThatThrownBy(() -> editor.set("alice", bytes("secret"), cost)).hasMessageContaining("from 4 to 18");
  }
}
