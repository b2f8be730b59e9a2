package dev.weir.server.tls;

import java.util.function.Consumer;

import org.slf4j.Logger;

/**
 * Where what happens to certificates is told.
 *
 * @param notes    what went as it should
 * @param warnings what a person should look at
 */
public record Journal(Consumer<String> notes, Consumer<String> warnings) {
  public static Journal to(Logger log) {
    return new Journal(log::info, log::warn);
  }

  void note(String sentence) {
    notes.accept(sentence);
  }

  void warn(String sentence) {
    warnings.accept(sentence);
  }
}
