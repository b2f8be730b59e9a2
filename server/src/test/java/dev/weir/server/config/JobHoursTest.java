package dev.weir.server.config;

import java.time.LocalTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class JobHoursTest {
  @ParameterizedTest
  @CsvSource({"22:00-06:00, 22:00, true", "22:00-06:00, 23:59:59, true", "22:00-06:00, 00:00, true",
      "22:00-06:00, 05:59:59, true", "22:00-06:00, 06:00, false", "22:00-06:00, 12:00, false",
      "01:30-04:00, 01:29, false", "01:30-04:00, 01:30, true", "01:30-04:00, 04:00, false",
      "18:00-00:00, 23:59, true", "18:00-00:00, 00:00, false", "00:00-00:00, 12:00, true"})
  void aPartOfTheDayMayGoOnOverMidnight(String hours, LocalTime time, boolean contains) {
    assertThat(JobHours.parse(hours).contains(time)).isEqualTo(contains);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "22:00", "22-6", "22:00-24:30", "22:00-06:00-07:00", "night"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> JobHours.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void itIsWrittenAsItIsRead() {
    assertThat(JobHours.parse("22:00-06:30")).hasToString("22:00-06:30");
  }
}
