package dev.weir.server.oci;

import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class ByteRangeTest {
  @ParameterizedTest(name = "{0} of {1} bytes")
  @CsvSource({
      "bytes=0-0, 10, 0, 1",
      "bytes=0-9, 10, 0, 10",
      "bytes=0-, 10, 0, 10",
      "bytes=3-5, 10, 3, 6",
      "bytes=9-9, 10, 9, 10",
      "bytes=9-, 10, 9, 10",
      "bytes=5-100, 10, 5, 10",
      "bytes=0-999999999999999999, 10, 0, 10",
      "bytes=-1, 10, 9, 10",
      "bytes=-10, 10, 0, 10",
      "bytes=-11, 10, 0, 10",
      "bytes=-999999999999999999, 10, 0, 10",
      "'  bytes = 3 - 5  ', 10, 3, 6",
      "bytes=000000000000000003-5, 10, 3, 6",
      "bytes=0-, 9223372036854775807, 0, 9223372036854775807",
      "bytes=5000000000-5000000009, 6000000000, 5000000000, 5000000010"
  })
  void oneRangeIsTaken(String header, long size, long from, long end) throws RegistryException {
    assertThat(ByteRange.parse(header, size)).contains(new ByteRange(from, end));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1-x", "bytes=0-1,3-4", "bytes=0-1,",
      "items=0-1", "bytes 0-1", "bytes=5-3", "bytes=--1", "bytes=+1-2", "bytes=1.5-2", "bytes=0x1-2", "bytes=٣-٤",
      "bytes=0-99999999999999999999", "bytes=99999999999999999999-", "bytes=-99999999999999999999",
      "bytes=9223372036854775807-9223372036854775808"})
  void whatIsNoSingleRangeIsIgnored(String header) throws RegistryException {
    assertThat(ByteRange.parse(header, 10)).isEqualTo(Optional.empty());
  }

  @ParameterizedTest(name = "{0} of {1} bytes")
  @CsvSource({"bytes=10-, 10", "bytes=10-20, 10", "bytes=999999999999999999-, 10", "bytes=-0, 10", "bytes=0-, 0",
      "bytes=-5, 0", "bytes=0-0, 0"})
  void aRangeWithoutAByteIsAnError(String header, long size) {
    RegistryException e = catchThrowableOfType(RegistryException.class, () -> ByteRange.parse(header, size));
    assertThat(e.code()).isEqualTo(ErrorCode.RANGE_INVALID);
    assertThat(e.status()).isEqualTo(416);
    assertThat(e.sentence()).contains(size + " bytes");
  }

  @ParameterizedTest(name = "{0}-{1} of {2}")
  @CsvSource({"0, 1, 10, bytes 0-0/10, 1", "3, 10, 10, bytes 3-9/10, 7"})
  void aRangeStatesItself(long from, long end, long size, String contentRange, long length) {
    assertThat(new ByteRange(from, end).contentRange(size)).isEqualTo(contentRange);
    assertThat(new ByteRange(from, end).length()).isEqualTo(length);
  }
}
