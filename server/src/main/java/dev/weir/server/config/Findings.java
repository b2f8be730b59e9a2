package dev.weir.server.config;

import java.util.ArrayList;
import java.util.List;

/** What the stages have to say about a configuration, gathered so that a person reads all of it at once. */
final class Findings {
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  void problem(Origin origin, String key, String sentence) {
    problems.add(origin + ": " + key + ": " + sentence);
  }

  void problem(String sentence) {
    problems.add(sentence);
  }

  void warning(Origin origin, String key, String sentence) {
    warnings.add(origin + ": " + key + ": " + sentence);
  }

  void warning(String sentence) {
    warnings.add(sentence);
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
