package dev.weir.server.shipped;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.server.cli.Mentioned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What people are told to type is what weir takes. */
class CommandsInTextTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern IN_BACKTICKS = Pattern.compile("`(?:bin/)?weir (?!\\.yml)[^`]*`");

  static List<Path> texts() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs")); Stream<Path> conf = Files.walk(ROOT.resolve("conf"))) {
      return Stream.of(Stream.of(ROOT.resolve("README.md")), docs.filter(each -> each.toString().endsWith(".md")), conf)
          .flatMap(each -> each).filter(Files::isRegularFile).sorted().toList();
    }
  }

  static List<Path> sources() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
      return all.filter(each -> each.toString().endsWith(".java")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aCommandThatIsWrittenAnywhereIsOneThatWeirTakes(Path file) throws IOException {
    String text = Files.readString(file);
    for (List<String> words : Mentioned.whole(text)) {
      assertThatCode(() -> Mentioned.parse(words)).as("weir " + String.join(" ", words)).doesNotThrowAnyException();
    }
    assertThat(Mentioned.unknownOptions(text)).isEmpty();
    IN_BACKTICKS.matcher(text).results().map(each -> each.group().replaceAll("`(?:bin/)?weir |`", ""))
        .forEach(each -> assertThat(each).satisfiesAnyOf(
            command -> assertThat(Mentioned.whole("weir " + command)).isNotEmpty(),
            command -> assertThat(command).matches("weir .*"))); // in a container of that name
  }

  @ParameterizedTest
  @MethodSource("sources")
  void whatMessagesSayOfOptionsIsTrue(Path file) throws IOException {
    assertThat(Mentioned.unknownOptions(Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", ""))).isEmpty();
  }

  @Test
  void theCommandsOfTheReadmeAreFound() throws IOException {
    assertThat(Mentioned.whole(Files.readString(ROOT.resolve("README.md")))).hasSizeGreaterThan(15)
        .contains(List.of("precache", "-f", "-"), List.of("gc", "--dry-run"));
  }

  @Test
  void whatWeirDoesNotTakeIsFound() {
    assertThatThrownBy(() -> Mentioned.parse(Mentioned.whole("# $ weir pin list --all-of-them\n").getFirst()))
        .hasMessageContaining("--all-of-them");
    assertThat(Mentioned.unknownOptions("say `weir gc --faster`, or weir precache --pin NAME")).containsExactly(
        "gc --faster");
  }
}
