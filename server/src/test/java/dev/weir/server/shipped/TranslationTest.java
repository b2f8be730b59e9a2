package dev.weir.server.shipped;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A translated page keeps up with the English one: its code and its headings do. */
class TranslationTest {
  private static final Path ROOT = Path.of("..");
  private static final String ENGLISH = ".md";
  private static final String TRANSLATED = ".zh-CN.md";
  /** Fenced, or indented by four spaces or more after an empty line; empty lines within such a block belong to it. */
  private static final Pattern CODE = Pattern.compile(
      "(?m)^( *)```.*\\n(?:.*\\n)*?\\1``` *$|(?<=\\n\\n)(?:^ {4,}\\S.*(?:\\n|\\z)(?:\\n+(?= {4,}\\S))?)+");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6}(?= )");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+\\.md)\\)");

  static List<Path> translations() throws IOException {
    try (Stream<Path> root = Files.list(ROOT); Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(root, docs).filter(file -> file.toString().endsWith(TRANSLATED)).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("translations")
  void hasTheCodeOfItsOriginal(Path page) throws IOException {
    List<String> expected = found(CODE, Files.readString(original(page)));
    List<String> actual = found(CODE, Files.readString(page));
    for (int i = 0; i < Math.max(expected.size(), actual.size()); i++)
      assertThat(at(actual, i)).as("code block %d of %s, beside that of %s", i + 1, page, original(page))
          .isEqualTo(at(expected, i));
  }

  @ParameterizedTest
  @MethodSource("translations")
  void hasTheHeadingsOfItsOriginalByTheirLevels(Path page) throws IOException {
    assertThat(headings(page)).as("headings of %s, beside those of %s", page, original(page))
        .isEqualTo(headings(original(page))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("translations")
  void andItsOriginalLeadToEachOther(Path page) throws IOException {
    assertThat(links(page)).contains(original(page));
    assertThat(links(original(page))).contains(page);
  }

  @ParameterizedTest
  @MethodSource("translations")
  void leadsToOtherTranslationsWhereThereAreAny(Path page) throws IOException {
    List<Path> translated = translations().stream().map(TranslationTest::original).toList();
    assertThat(links(page)).filteredOn(link -> !link.equals(original(page))).doesNotContainAnyElementsOf(translated);
  }

  private static Path original(Path translation) {
    String name = translation.getFileName().toString();
    return translation.resolveSibling(name.substring(0, name.length() - TRANSLATED.length()) + ENGLISH);
  }

  private static String at(List<String> blocks, int index) {
    return index < blocks.size() ? blocks.get(index) : "(no such block)";
  }

  private static List<String> headings(Path page) throws IOException {
    return found(HEADING, CODE.matcher(Files.readString(page)).replaceAll(""));
  }

  private static List<Path> links(Path page) throws IOException {
    return LINK.matcher(Files.readString(page)).results().map(link -> page.resolveSibling(link.group(1)).normalize())
        .toList();
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }
}
