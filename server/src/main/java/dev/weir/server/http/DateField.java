package dev.weir.server.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} of answers, made once a second. Thread-safe. */
final class DateField {
  /** IMF-fixdate (RFC 9110 §5.6.7). */
  private static final DateTimeFormatter FORMAT = DateTimeFormatter
      .ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final InstantSource clock;
  private volatile Second second = new Second(Long.MIN_VALUE, "");

  private record Second(long number, String value) {
    static Second of(Instant time) {
      return new Second(time.getEpochSecond(), FORMAT.format(time));
    }
  }

  DateField(InstantSource clock) {
    this.clock = clock;
  }

  /** As IMF-fixdate. */
  String value() {
    Second last = second;
    if (Math.floorDiv(clock.millis(), 1000L) == last.number()) {
      return last.value();
    }
    Second now = Second.of(clock.instant());
    second = now;
    return now.value();
  }
}
