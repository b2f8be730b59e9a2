package dev.weir.server.shipped;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.util.stream.Collectors.joining;

/**
 * Every key as a page of the documentation, out of the annotated files in {@code conf/}: what a file says above a key is what the
 * page says of it.
 */
final class ConfigurationPage {
  private static final Pattern SECTION = Pattern.compile("# --- (.*?)[ .]*-*");
  private static final Pattern TEXT = Pattern.compile("( *)#(?: (.*))?");
  private static final Pattern SETTING = Pattern.compile("( *)#?([a-z0-9.]+):(?: (.*))?");
  private static final Pattern ELSE = Pattern.compile(" *#?(.*)");
  /** The one of the upstreams that shows what all of them can have. */
  private static final String EXAMPLE = "hub";

  private final StringBuilder page = new StringBuilder();
  private final Set<String> keys = new TreeSet<>();
  private final List<String> text = new ArrayList<>();
  private final Deque<Level> levels = new ArrayDeque<>();
  private boolean inTable;
  /** Whether the value that was read last is one that a reader may want, rather than what holds without it. */
  private boolean wasExample;

  /** A key within its parents, how far its line is indented, and whether all in it are examples. */
  private record Level(int indent, String path, boolean isExample) {}

  /** @param only the keys that are taken, by how they begin; empty for all of them */
  ConfigurationPage take(String file, String only) {
    levels.clear();
    boolean begun = !only.isEmpty();
    for (String line : Shipped.text(file).lines().toList()) {
      begun |= SECTION.matcher(line).matches();
      if (begun) {
        line(line, only);
      }
    }
    endOfText();
    return this;
  }

  ConfigurationPage heading(String heading) {
    endOfText();
    inTable = false;
    page.append("\n## ").append(heading).append("\n\n");
    return this;
  }

  private void line(String line, String only) {
    Matcher section = SECTION.matcher(line);
    Matcher setting = SETTING.matcher(line);
    Matcher said = TEXT.matcher(line);
    if (section.matches()) {
      heading(section.group(1));
    } else if (line.isBlank()) {
      endOfText();
    } else if (setting.matches()) {
      setting(setting.group(1).length(), setting.group(2), setting.group(3) == null ? "" : setting.group(3), only);
    } else if (said.matches()) {
      text.add(said.group(2) == null ? "" : said.group(2).strip());
    } else {
      goesOn(line);
    }
  }

  private void setting(int indent, String key, String value, String only) {
    while (!levels.isEmpty() && levels.peek().indent() >= indent) {
      levels.pop();
    }
    String parent = levels.isEmpty() ? "" : levels.peek().path() + ".";
    String path = parent + (parent.equals("upstreams.") && key.equals(EXAMPLE) ? "<name>" : key);
    String meaning = String.join(" ", text);
    boolean isSilent = meaning.isEmpty() && wasExample && !value.isEmpty();
    boolean isExample = isSilent || meaning.matches("(?i).*\\bexamples?\\b.*")
        || (!levels.isEmpty() && levels.peek().isExample());
    levels.push(new Level(indent, path, isExample && value.isEmpty()));
    wasExample = isExample;
    if (path.startsWith(only) && !isMadeUp(path) && !(value.isEmpty() && text.isEmpty())) {
      row(path, value, isExample, meaning.replaceAll("\\s*(, as an example|Examples?)[.:]$", ""));
    }
    text.clear();
  }

  /** Names of upstreams and aliases, which are the reader's own. */
  private static boolean isMadeUp(String path) {
    return (path.startsWith("upstreams.") && !path.startsWith("upstreams.<name>")) || path.startsWith("aliases.");
  }

  private void row(String path, String value, boolean isExample, String meaning) {
    if (!inTable) {
      page.append("| key | unless set | |\n|---|---|---|\n");
      inTable = true;
    }
    keys.add(path);
    String shown = value.isEmpty() || value.equals("{}") ? "" : (isExample ? "such as " : "") + "`" + cell(value) + "`";
    page.append("| `").append(path).append("` | ").append(shown).append(" | ").append(cell(meaning)).append(" |\n");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }

  /** Lists go on over several lines, which are examples. */
  private void goesOn(String line) {
    Matcher rest = ELSE.matcher(line);
    if (rest.matches() && page.toString().endsWith(" |\n")) {
      page.setLength(page.length() - " |\n".length());
      page.append(" `").append(cell(rest.group(1).strip())).append("` |\n");
    }
  }

  /** What stands above no key is said as it is. */
  private void endOfText() {
    Iterator<String> lines = text.iterator();
    if (lines.hasNext()) {
      inTable = false;
      page.append(text.stream().map(ConfigurationPage::cell).collect(joining("\n"))).append("\n");
    }
    text.clear();
  }

  Set<String> keys() {
    return keys;
  }

  String text() {
    return page.toString();
  }
}
