package dev.weir.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import picocli.CommandLine;

/** weir's commands as texts for people have them, each to be given to weir as it stands there. */
public final class Mentioned {
  /** At the beginning of a line, a comment or not, or behind what feeds it. */
  private static final Pattern WHOLE = Pattern.compile(
      "(?m)^[ #$]*(?:[^\\n]*\\| *|[A-Z_]+=\\S+ +|podman exec \\S+ )?(?:bin/|/usr/local/bin/)?weir +([^|#<>&\\n]*)");
  private static final Pattern WITHIN = Pattern.compile("\\bweir ([a-z][a-z-]*)((?: +[^\\s`'\"();,|]+)*)");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private Mentioned() {}

  /** The arguments of each command that stands alone in a line. */
  public static List<List<String>> whole(String text) {
    List<List<String>> found = new ArrayList<>();
    Matcher command = WHOLE.matcher(text.replaceAll("\\\\\\n[ #]*", ""));
    while (command.find()) {
      List<String> words = words(command.group(1));
      if (!words.isEmpty() && isCommand(words.getFirst())) {
        found.add(words);
      }
    }
    return found;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(text.replaceAll("[\\[\\];]", " ").replaceAll("  +\\(.*|[.,:]\\s*$", ""));
    while (word.find()) {
      words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
    }
    return words;
  }

  private static boolean isCommand(String name) {
    return WeirCommand.commands().getSubcommands().containsKey(name);
  }

  /** Throws what picocli would say to whoever gave the command. */
  public static void parse(List<String> words) {
    WeirCommand.commands().parseArgs(words.toArray(String[]::new));
  }

  /** Options that a sentence gives to a command of weir's that has no such option: as {@code gc --option}. */
  public static List<String> unknownOptions(String text) {
    List<String> found = new ArrayList<>();
    Matcher mention = WITHIN.matcher(text);
    while (mention.find()) {
      if (isCommand(mention.group(1))) {
        CommandLine command = WeirCommand.commands().getSubcommands().get(mention.group(1));
        Matcher option = OPTION.matcher(mention.group(2));
        while (option.find()) {
          if (!has(command, option.group())) {
            found.add(mention.group(1) + " " + option.group());
          }
        }
      }
    }
    return found;
  }

  /** Itself, or one of its own commands. */
  private static boolean has(CommandLine command, String option) {
    return command.getCommandSpec().findOption(option) != null
        || command.getSubcommands().values().stream().anyMatch(each -> has(each, option));
  }
}
