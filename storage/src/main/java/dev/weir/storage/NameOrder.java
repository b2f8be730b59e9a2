package dev.weir.storage;

/** The order of names everywhere: as their UTF-8 bytes, which is by code point; Java's own differs above U+D7FF. */
public final class NameOrder {
  private NameOrder() {}

  public static int compare(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      if (a.charAt(i) != b.charAt(i)) {
        return Integer.compare(a.codePointAt(i), b.codePointAt(i));
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
