package dev.weir.server.shipped;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the documentation names is there. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern KEY = Pattern.compile("`((?:http|storage|cache|auth|certs|gc|scrub|log|admin|proxy)\\."
      + "(?!ya?ml`)[a-z.0-9]+)[`:]");
  private static final Pattern COMMENTED_SETTING = Pattern.compile("(?m)^( *)#(?=\\S)");
  private static final Pattern MESSAGES = Pattern.compile("(?m)^\\| (`.*?`) \\|");

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(docs.filter(file -> file.toString().endsWith(".md")),
          Stream.of("README.md", "README.zh-CN.md").map(ROOT::resolve)).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsToAFile(Path page) throws IOException {
    assertThat(found(LINK, page)).allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyKeyIsOne(Path page) throws IOException {
    // which show every key that there is, some as comments
    List<JsonNode> all = Stream.of("weir.yml", "s3.yml")
        .map(file -> Shipped.yaml(COMMENTED_SETTING.matcher(Shipped.text(file)).replaceAll("$1"))).toList();
    assertThat(found(KEY, page)).allSatisfy(key -> assertThat(all)
        .as(key).anyMatch(file -> !file.at("/" + key.replace('.', '/')).isMissingNode()));
  }

  @Test
  void everyPageIsInTheTableOfContents() throws IOException {
    String contents = Files.readString(ROOT.resolve("docs/README.md"));
    assertThat(pages())
        .filteredOn(page -> page.startsWith(ROOT.resolve("docs"))
            && page.getNameCount() == ROOT.resolve("docs").getNameCount() + 1 && !page.endsWith("README.md"))
        .allSatisfy(page -> assertThat(contents).contains("(" + page.getFileName() + ")"));
  }

  /** In the first column, in code: a piece of a sentence that weir says. */
  @Test
  void everyMessageThatIsExplainedIsSaidSomewhere() throws IOException {
    String sources = sources();
    List<String> messages = found(MESSAGES, ROOT.resolve("docs/troubleshooting.md")).stream()
        .flatMap(cell -> QUOTED.matcher(cell).results().map(found -> found.group(1))).toList();
    assertThat(messages).hasSizeGreaterThan(20).allSatisfy(message -> assertThat(sources.contains(message)).as(message)
        .isTrue());
  }

  private static String sources() throws IOException {
    try (Stream<Path> all = Stream.of("server", "storage", "storage-fs", "auth").map(ROOT::resolve)
        .map(module -> module.resolve("src/main/java"))) {
      return all.flatMap(module -> filesIn(module).stream()).map(DocumentationTest::read).collect(Collectors.joining());
    }
  }

  private static List<Path> filesIn(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> found(Pattern pattern, Path page) throws IOException {
    return pattern.matcher(Files.readString(page)).results().map((MatchResult each) -> each.group(1)).toList();
  }
}
