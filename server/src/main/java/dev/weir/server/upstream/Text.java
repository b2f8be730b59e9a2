package dev.weir.server.upstream;

import org.jspecify.annotations.Nullable;

/** Words of others in sentences of ours: short, and without anything that a terminal would act on. */
final class Text {
  private static final int LONGEST = 120;

  private Text() {}

  static String clean(String given) {
    String clean = given.codePoints().limit(LONGEST).map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    return given.length() > LONGEST ? clean + "…" : clean;
  }

  /** As a remark at the end; nothing for nothing. */
  static String inBrackets(@Nullable String remark) {
    return remark == null || remark.isBlank() ? "" : " (" + clean(remark) + ")";
  }
}
