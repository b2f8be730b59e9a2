package dev.weir.server.upstream;

import java.util.OptionalLong;

/** Numbers as headers and tokens carry them: decimal digits and nothing else. */
final class Numbers {
  private Numbers() {}

  static OptionalLong parse(String text) {
    return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}
