package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a page in Markdown tells people to type, in its order: every line of every code block, fenced or indented, that is not
 * YAML or TOML. A line that ends in a backslash goes on in the next.
 */
final class PageCommands {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern BLOCK = Pattern.compile(
      "(?m)^( *)```.*\\n((?:.*\\n)*?)\\1``` *$|(?<=\\n\\n)((?:^ {4,}\\S.*(?:\\n|\\z)(?:\\n+(?= {4,}\\S))?)+)");
  /** How a file begins that a block shows, and no command: a key of YAML, a table of TOML. */
  private static final Pattern FILE = Pattern.compile(" *(?:[\\w.-]+:(?: |\\n)|\\[\\[)");

  private PageCommands() {}

  /**
   * README and the pages below {@code docs/} that have any, but for translations, which have their code character for
   * character.
   */
  static List<String> pages() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      for (Path file : Stream.concat(Stream.of(ROOT.resolve("README.md")), docs).sorted().toList()) {
        String name = ROOT.relativize(file).toString();
        if (name.endsWith(".md") && !name.endsWith(".zh-CN.md") && !of(name).isEmpty()) {
          found.add(name);
        }
      }
    }
    return found;
  }

  static List<String> of(String page) throws IOException {
    return in(Files.readString(ROOT.resolve(page)));
  }

  static List<String> in(String markdown) {
    List<String> found = new ArrayList<>();
    Matcher block = BLOCK.matcher(markdown);
    while (block.find()) {
      String text = block.group(2) != null ? block.group(2) : block.group(3);
      if (!FILE.matcher(text).lookingAt()) {
        text.replaceAll("\\\\\\n *", "").lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(found::add);
      }
    }
    return found;
  }
}
