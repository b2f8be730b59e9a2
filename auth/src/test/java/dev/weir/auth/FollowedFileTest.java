package dev.weir.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FollowedFileTest {
  private final TestClock clock = new TestClock();
  private final List<String> warnings = new ArrayList<>();
  private Path path;

  @BeforeEach
  void choose(@TempDir Path directory) {
    path = directory.resolve("file");
  }

  private FollowedFile<String> follow() throws IOException {
    return new FollowedFile<>("little file", path, FollowedFileTest::read, clock, warnings::add);
  }

  private static String read(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    if (text.startsWith("bad")) {
      throw new IllegalArgumentException("it is " + text);
    }
    return text;
  }

  /** As at the clock's time. */
  private void write(String text) throws IOException {
    Files.writeString(path, text);
    Files.setLastModifiedTime(path, FileTime.from(clock.instant()));
  }

  @Test
  void aChangeIsInForceWithinTwoSeconds() throws IOException {
    write("one");
    FollowedFile<String> file = follow();
    clock.advance(Duration.ofSeconds(10));
    write("two");
    clock.advance(Duration.ofMillis(1900));
    assertThat(file.current()).isEqualTo("two");
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatIsBeingWrittenIsNotRead() throws IOException {
    write("one");
    FollowedFile<String> file = follow();
    clock.advance(Duration.ofSeconds(10));
    write("bad half");
    clock.advance(Duration.ofMillis(300));
    assertThat(file.current()).isEqualTo("one");
    write("two, whole");
    clock.advance(Duration.ofMillis(300));
    assertThat(file.current()).isEqualTo("one");
    clock.advance(Duration.ofMillis(300));
    assertThat(file.current()).isEqualTo("two, whole");
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatIsNeverLeftAloneIsReadAllTheSame() throws IOException {
    write("0");
    FollowedFile<String> file = follow();
    clock.advance(Duration.ofSeconds(10));
    String seen = "0";
    for (int i = 1; i <= 8; i++) {
      write("still writing " + i);
      clock.advance(Duration.ofMillis(250));
      seen = file.current();
    }
    assertThat(seen).startsWith("still writing");
  }

  @Test
  void aFileThatMakesNoSenseKeepsTheOldOneAndSaysSoOnce() throws IOException {
    write("one");
    FollowedFile<String> file = follow();
    clock.advance(Duration.ofSeconds(10));
    write("bad");
    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofSeconds(1));
      assertThat(file.current()).isEqualTo("one");
    }
    assertThat(warnings).singleElement().asString().contains("little file", "was not taken up: it is bad", "in force");
    write("three");
    clock.advance(Duration.ofSeconds(1));
    assertThat(file.current()).isEqualTo("three");
  }

  @Test
  void aFileThatIsGoneKeepsTheOldOneUntilThereIsAnother() throws IOException {
    write("one");
    FollowedFile<String> file = follow();
    Files.delete(path);
    clock.advance(Duration.ofSeconds(1));
    assertThat(file.current()).isEqualTo("one");
    assertThat(warnings).singleElement().asString().contains("is not there");
    write("two");
    clock.advance(Duration.ofSeconds(1));
    assertThat(file.current()).isEqualTo("two");
  }

  @Test
  void anotherFileWithTheSameTimeAndLengthIsSeen() throws IOException {
    write("one");
    FollowedFile<String> file = follow();
    FileTime time = Files.getLastModifiedTime(path);
    Path other = Files.writeString(path.resolveSibling("other"), "two");
    Files.setLastModifiedTime(other, time);
    Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
    clock.advance(Duration.ofSeconds(1));
    assertThat(file.current()).isEqualTo("two");
  }

  @Test
  void aFileFromTheFutureIsTakenUp() throws IOException {
    write("one");
    FollowedFile<String> file = follow();
    clock.advance(Duration.ofSeconds(10));
    Files.writeString(path, "two");
    Files.setLastModifiedTime(path, FileTime.from(clock.instant().plusSeconds(3600)));
    assertThat(file.current()).isEqualTo("two");
  }

  @Test
  void aFileThatIsNotThereAtTheStartIsAnError() {
    assertThatThrownBy(this::follow).isInstanceOf(IOException.class)
        .hasMessage("little file " + path + " is not there");
  }

  @Test
  void aDirectoryIsCalledOne() throws IOException {
    Files.createDirectory(path);
    assertThatThrownBy(this::follow).hasMessage("little file " + path + " is a directory, where a file is wanted");
  }

  @Test
  void aFileThatMakesNoSenseAtTheStartIsAnError() throws IOException {
    write("bad");
    assertThatThrownBy(this::follow).isInstanceOf(IOException.class)
        .hasMessage("little file " + path + " is of no use: it is bad");
  }
}
