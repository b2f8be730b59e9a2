package dev.weir.server.config;

/**
 * Decimal numbers of something, in whole units. BigDecimal would do it as well, but what it makes ready for its first use
 * takes a twentieth of a start.
 */
final class Decimal {
  private Decimal() {}

  /**
   * What is left behind the point of the product is cut off.
   *
   * @param number digits, with or without a point among them or at an end
   * @throws ArithmeticException if it is more than a long holds
   */
  static long times(String number, long unit) {
    int point = number.indexOf('.');
    if (point < 0) {
      return Math.multiplyExact(whole(number), unit);
    }
    return Math.addExact(Math.multiplyExact(whole(number.substring(0, point)), unit),
        fraction(number.substring(point + 1), unit));
  }

  private static long whole(String digits) {
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new ArithmeticException(e.getMessage());
    }
  }

  /** As Go has it: exact where the unit can be parted so. */
  private static long fraction(String digits, long unit) {
    return digits.isEmpty() ? 0 : (long) (Double.parseDouble(digits) * (unit / Math.pow(10, digits.length())));
  }

  /** @throws ArithmeticException if it is more than a long holds */
  static long power(long base, int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power = Math.multiplyExact(power, base);
    }
    return power;
  }
}
