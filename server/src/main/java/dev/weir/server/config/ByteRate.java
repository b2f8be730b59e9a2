package dev.weir.server.config;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How fast: {@code 8Mbit/s}, {@code 500kbit/s}, {@code 1MB/s}, {@code 1MiB/s}. At least one byte a second. */
public record ByteRate(long bytesPerSecond) {
  private static final Pattern BITS = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kKMGT]?)bit/s");
  private static final String PER_SECOND = "/s";

  public ByteRate {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("slower than a byte a second");
    }
  }

  /** @throws IllegalArgumentException if {@code text} is not a rate */
  public static ByteRate parse(String text) {
    Matcher bits = BITS.matcher(text);
    if (bits.matches()) {
      BigDecimal unit = BigDecimal.valueOf(1000).pow(ByteSize.power(bits.group(2)));
      return new ByteRate(ByteSize.whole(new BigDecimal(bits.group(1)).multiply(unit)) / Byte.SIZE);
    }
    if (!text.endsWith(PER_SECOND)) {
      throw new IllegalArgumentException("not a rate");
    }
    return new ByteRate(ByteSize.parse(text.substring(0, text.length() - PER_SECOND.length())).bytes());
  }

  @Override
  public String toString() {
    return bytesPerSecond + "B/s";
  }
}
