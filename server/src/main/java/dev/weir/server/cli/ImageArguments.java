package dev.weir.server.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The command line as registry:2's image takes it, put into weir's words: {@code CONFIG.yml} means {@code serve
 * CONFIG.yml}, and a {@code registry} before the command means nothing.
 */
final class ImageArguments {
  private static final String PROGRAM = "registry";

  private ImageArguments() {}

  static String[] of(String... arguments) {
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    if (!words.isEmpty() && words.getFirst().equals(PROGRAM)) {
      words.removeFirst();
    }
    if (!words.isEmpty() && isConfiguration(words.getFirst())) {
      words.addFirst("serve");
    }
    return words.toArray(String[]::new);
  }

  private static boolean isConfiguration(String word) {
    return !word.startsWith("-") && (word.endsWith(".yml") || word.endsWith(".yaml"));
  }
}
