package dev.weir.storage;

/** How a name that was refused appears in a message: short, and without anything that a terminal would act on. */
final class Names {
  private static final int LONGEST_SHOWN = 100;

  private Names() {}

  static String shown(String given) {
    String clean = given.codePoints().limit(LONGEST_SHOWN).map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    return "'" + clean + (given.length() > LONGEST_SHOWN ? "…'" : "'");
  }
}
