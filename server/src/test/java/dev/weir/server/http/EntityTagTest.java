package dev.weir.server.http;

import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

class EntityTagTest {
  private static final Digest DIGEST = Digest.sha256(new byte[]{1});

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"\"D\"|true|true", "D|true|true", "W/\"D\"|true|false", "*|true|false",
      "\"x\", \"D\"|true|false", "\"x\",W/\"D\" |true|false", "\"x\"|false|false", "\"D|false|false", "''|false|false",
      "Tue, 01 Jan 2030 00:00:00 GMT|false|false"})
  void conditionsAreComparedWithTheDigest(String header, boolean known, boolean rangePermitted) {
    Optional<String> sent = Optional.of(header.replace("D", DIGEST.toString()));
    assertThat(EntityTag.isKnown(sent, DIGEST)).isEqualTo(known);
    assertThat(EntityTag.permitsRange(sent, DIGEST)).isEqualTo(rangePermitted);
  }

  @ParameterizedTest
  @CsvSource("false,true")
  void noConditionMeansNotKnownAndRangesPermitted(boolean known, boolean rangePermitted) {
    assertThat(EntityTag.isKnown(Optional.empty(), DIGEST)).isEqualTo(known);
    assertThat(EntityTag.permitsRange(Optional.empty(), DIGEST)).isEqualTo(rangePermitted);
  }
}
