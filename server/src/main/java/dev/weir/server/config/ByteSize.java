package dev.weir.server.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 100GiB}, {@code 8MB}, {@code 512Mi}, {@code 4096}. */
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kmgtp]?)(i?)b?",
      Pattern.CASE_INSENSITIVE);
  private static final String PREFIXES = "kmgtp";
  private static final List<String> BINARY = List.of("PiB", "TiB", "GiB", "MiB", "KiB");

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size cannot be negative");
    }
  }

  /** @throws IllegalArgumentException if {@code text} is not a size */
  public static ByteSize parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || (form.group(2).isEmpty() && !form.group(3).isEmpty())) {
      throw new IllegalArgumentException("not a size");
    }
    return new ByteSize(count(form.group(1), form.group(3).isEmpty() ? 1000 : 1024, form.group(2)));
  }

  /** @param prefix one of kmgtp in any case, or empty */
  static long count(String number, long thousand, String prefix) {
    int power = prefix.isEmpty() ? 0 : PREFIXES.indexOf(prefix.toLowerCase(Locale.ROOT)) + 1;
    try {
      return Decimal.times(number, Decimal.power(thousand, power));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("too large", e);
    }
  }

  /** In the largest binary unit that leaves no remainder. */
  @Override
  public String toString() {
    long unit = 1L << 50;
    for (String name : BINARY) {
      if (bytes >= unit && bytes % unit == 0) {
        return bytes / unit + name;
      }
      unit >>= 10;
    }
    return bytes + "B";
  }
}
