package dev.weir.server.realclient;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What running the commands of a page takes. Each is named by how it begins, by as many characters as tell it from others; every
 * name has to fit a command, and a command that no name fits is just run.
 */
final class PagePlan {
  private final Map<String, String> left = new LinkedHashMap<>();
  private final Map<String, String> before = new LinkedHashMap<>();
  private final Map<String, String> after = new LinkedHashMap<>();
  private final Map<String, String> said = new LinkedHashMap<>();
  private final Map<String, String> typed = new LinkedHashMap<>();
  private boolean tls;

  /** weir has a certificate of its own making. */
  PagePlan overTls() {
    tls = true;
    return this;
  }

  boolean isOverTls() {
    return tls;
  }

  /** These are not run, for that reason. */
  PagePlan leave(String command, String reason) {
    left.put(command, reason);
    return this;
  }

  /** Shell commands that bring about what the page takes for granted there. */
  PagePlan before(String command, String shell) {
    before.put(command, shell);
    return this;
  }

  /** Shell commands that fail if it did not do what the page says of it. */
  PagePlan after(String command, String shell) {
    after.put(command, shell);
    return this;
  }

  /** A part of what it prints. */
  PagePlan says(String command, String text) {
    said.put(command, text);
    return this;
  }

  /** What a person types when asked. */
  PagePlan type(String command, String text) {
    typed.put(command, text);
    return this;
  }

  Optional<String> whyLeft(String command) {
    return of(left, command);
  }

  String before(String command) {
    return of(before, command).orElse(":");
  }

  String after(String command) {
    return of(after, command).orElse(":");
  }

  String said(String command) {
    return of(said, command).orElse("");
  }

  String typed(String command) {
    return of(typed, command).orElse("");
  }

  /** Names that fit none of the commands. */
  List<String> idle(List<String> commands) {
    return List.of(left, before, after, said, typed).stream().flatMap(each -> each.keySet().stream())
        .filter(name -> commands.stream().noneMatch(command -> command.startsWith(name))).toList();
  }

  private static Optional<String> of(Map<String, String> all, String command) {
    return all.entrySet().stream().filter(each -> command.startsWith(each.getKey())).map(Map.Entry::getValue)
        .findFirst();
  }
}
