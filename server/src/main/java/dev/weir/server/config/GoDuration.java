package dev.weir.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 10m}, {@code 168h}, {@code 1h30m}, {@code 1.5s}. */
final class GoDuration {
  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /** A number without a unit is refused unless it is 0: nobody means nanoseconds. */
  static Duration parse(String text) {
    if (!text.equals("0") && DIGITS.matcher(text).matches()) {
      throw new IllegalArgumentException("the unit is missing");
    }
    return parseBareAsNanoseconds(text);
  }

  /** As distribution reads it: a number without a unit counts nanoseconds. */
  static Duration parseBareAsNanoseconds(String text) {
    return nanoseconds(DIGITS.matcher(text).matches() ? new BigDecimal(text) : sum(text));
  }

  private static BigDecimal sum(String text) {
    Matcher part = PART.matcher(text);
    BigDecimal sum = BigDecimal.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      sum = sum.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanosecondsIn(part.group(2)))));
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException("not a duration");
    }
    return sum;
  }

  private static Duration nanoseconds(BigDecimal count) {
    if (count.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("longer than 292 years");
    }
    return Duration.ofNanos(count.longValue());
  }

  private static long nanosecondsIn(String unit) {
    return switch (unit) {
      case "h" -> 3_600_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "s" -> 1_000_000_000L;
      case "ms" -> 1_000_000L;
      case "ns" -> 1L;
      default -> 1_000L;
    };
  }
}
