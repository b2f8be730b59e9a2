package dev.weir.server.imageset;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version, ordered as semver.org has it; what follows a {@code +} says nothing.
 *
 * @param numbers    major, minor, patch
 * @param preRelease empty: the release itself
 */
record Version(List<BigInteger> numbers, List<String> preRelease, String text) implements Comparable<Version> {
  private static final String NUMBER = "(0|[1-9][0-9]*)";
  private static final Pattern FORM = Pattern.compile(
      "v?" + NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");
  private static final Pattern PART = Pattern.compile("v?[0-9]+(?:\\.[0-9]+)?");

  /** @throws IllegalArgumentException if it is none; the message is a sentence */
  static Version parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no version, such as 4.16.17");
    }
    return new Version(
        List.of(new BigInteger(form.group(1)), new BigInteger(form.group(2)), new BigInteger(form.group(3))),
        form.group(4) == null ? List.of() : Arrays.asList(form.group(4).split("\\.")), text);
  }

  /** The lowest that a bound means: {@code 4.16} begins with the first pre-release of 4.16.0. */
  static Version lowest(String bound) {
    return PART.matcher(bound).matches() ? parse(filled(bound) + "-0") : parse(bound);
  }

  /** The highest that a bound means: {@code 4.16} goes on to the last of 4.16. */
  static Version highest(String bound) {
    String whole = "9".repeat(18);
    return PART.matcher(bound).matches()
        ? parse(bound + (bound.contains(".") ? "." : "." + whole + ".") + whole)
        : parse(bound);
  }

  private static String filled(String bound) {
    return bound.contains(".") ? bound + ".0" : bound + ".0.0";
  }

  @Override
  public int compareTo(Version other) {
    for (int i = 0; i < numbers.size(); i++) {
      int compared = numbers.get(i).compareTo(other.numbers.get(i));
      if (compared != 0) {
        return compared;
      }
    }
    if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
      return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
    }
    for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
      int compared = compareParts(preRelease.get(i), other.preRelease.get(i));
      if (compared != 0) {
        return compared;
      }
    }
    return Integer.compare(preRelease.size(), other.preRelease.size());
  }

  private static int compareParts(String one, String other) {
    boolean oneIsNumber = isNumber(one);
    boolean otherIsNumber = isNumber(other);
    if (oneIsNumber && otherIsNumber) {
      return new BigInteger(one).compareTo(new BigInteger(other));
    }
    return oneIsNumber == otherIsNumber ? one.compareTo(other) : oneIsNumber ? -1 : 1;
  }

  private static boolean isNumber(String part) {
    return !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  @Override
  public String toString() {
    return text;
  }
}
