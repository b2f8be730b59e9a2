package dev.weir.server.config;

import java.time.LocalTime;
import java.time.format.DateTimeParseException;

/**
 * A part of each day, by weir's local time: {@code 22:00-06:00}. One that ends at or before its beginning goes on over
 * midnight.
 *
 * @param from belongs to it
 * @param to does not
 */
public record JobHours(LocalTime from, LocalTime to) {
  static JobHours parse(String text) {
    String[] ends = text.split("-", -1);
    if (ends.length != 2) {
      throw new IllegalArgumentException("not two times");
    }
    try {
      return new JobHours(LocalTime.parse(ends[0].strip()), LocalTime.parse(ends[1].strip()));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("not a time: " + e.getParsedString(), e);
    }
  }

  public boolean contains(LocalTime time) {
    boolean isAfterStart = !time.isBefore(from);
    boolean isBeforeEnd = time.isBefore(to);
    return from.isBefore(to) ? isAfterStart && isBeforeEnd : isAfterStart || isBeforeEnd;
  }

  @Override
  public String toString() {
    return from + "-" + to;
  }
}
