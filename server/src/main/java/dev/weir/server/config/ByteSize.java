package dev.weir.server.config;

import java.math.BigDecimal;
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
    BigDecimal unit = BigDecimal.valueOf(form.group(3).isEmpty() ? 1000 : 1024).pow(power(form.group(2)));
    return new ByteSize(whole(new BigDecimal(form.group(1)).multiply(unit)));
  }

  static int power(String prefix) {
    return prefix.isEmpty() ? 0 : PREFIXES.indexOf(prefix.toLowerCase(Locale.ROOT)) + 1;
  }

  static long whole(BigDecimal number) {
    if (number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("too large");
    }
    return number.longValue();
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
