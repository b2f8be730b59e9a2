package dev.weir.server.config;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ValuesTest {
  @ParameterizedTest
  @CsvSource({"10m, PT10M", "168h, PT168H", "1h30m, PT1H30M", "1.5s, PT1.5S", "0, PT0S", "0s, PT0S", "250ms, PT0.25S",
      "0.7s, PT0.7S", "2.5h, PT2H30M", "1.s, PT1S",
      "9223372036s, PT2562047H47M16S", "1us, PT0.000001S", "1µs, PT0.000001S", ".5h, PT30M", "1m1m, PT2M"})
  void durationsAreGos(String text, Duration duration) {
    assertThat(GoDuration.parse(text)).isEqualTo(duration);
    assertThat(GoDuration.parseBareAsNanoseconds(text)).isEqualTo(duration);
  }

  @Test
  void aBareNumberCountsNanosecondsInDistributionsKeysAndIsRefusedInOurs() {
    assertThat(GoDuration.parseBareAsNanoseconds("600")).isEqualTo(Duration.ofNanos(600));
    assertThatThrownBy(() -> GoDuration.parse("600")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "10", "10 m", "10m ", "-1m", "1d", "1h-1m", "9999999999h", "9223372037s",
      "99999999999999999999s", "1..5s", "x10m"})
  void otherDurationsAreRefused(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4096, 4096", "100GiB, 107374182400", "8MB, 8000000", "1kB, 1000", "1KiB, 1024",
      "1.5GiB, 1610612736", "1.1GiB, 1181116006", "0.7kB, 700", "8191PiB, 9222246136947933184",
      "512Mi, 536870912", "2T, 2000000000000", "1 gib, 1073741824", "7B, 7", "1PiB, 1125899906842624"})
  void sizesHaveDecimalAndBinaryUnits(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GiB", "-1", "1iB", "1e3", "1GiB/s", "1 000", "9999999PiB", "80%"})
  void otherSizesAreRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"100GiB, 100GiB", "1000, 1000B", "1536MiB, 1536MiB", "0, 0B", "2048, 2KiB"})
  void sizesAreShownExactly(String text, String shown) {
    assertThat(ByteSize.parse(text)).hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource({"8Mbit/s, 1000000", "500kbit/s, 62500", "1MB/s, 1000000", "1MiB/s, 1048576", "8bit/s, 1"})
  void ratesAreInBitsOrBytes(String text, long bytesPerSecond) {
    assertThat(ByteRate.parse(text).bytesPerSecond()).isEqualTo(bytesPerSecond);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8M", "0B/s", "1bit/s", "8Mbps", "/s", "-8Mbit/s"})
  void otherRatesAreRefused(String text) {
    assertThatThrownBy(() -> ByteRate.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aShareIsOfTheFileSystem() {
    assertThat(DiskLimit.parse("80%").bytesOf(1001)).isEqualTo(800);
    assertThat(DiskLimit.parse("100%").bytesOf(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    assertThat(DiskLimit.parse("1KiB").bytesOf(1)).isEqualTo(1024);
    for (String bad : List.of("0%", "101%", "%", "a%", "-1%", "1.5%")) {
      assertThatThrownBy(() -> DiskLimit.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({":5000, '', 5000", "127.0.0.1:5000, 127.0.0.1, 5000", "[::1]:5000, ::1, 5000",
      "localhost:0, localhost, 0"})
  void addressesAreGos(String text, String host, int port) {
    assertThat(ListenAddress.parse(text)).isEqualTo(new ListenAddress(host, port)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5000", "::1:5000", "host", "host:", "host:65536", "http://host:80", "[::1]", "a b:1"})
  void otherAddressesAreRefused(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mergeKeysAndAnchorsAreResolved() throws ConfigException {
    WeirConfig config = Configs.load("""
        x-common: &common {offline: true, realms: [a.io]}
        upstreams:
          one: {<<: *common, realms: [b.io]}
          two: *common
        """).config();
    assertThat(config.upstream("one").orElseThrow().realms()).containsExactly("b.io");
    assertThat(config.upstreams().values()).allMatch(UpstreamConfig::offline);
  }

  @Test
  void aliasesMapNamesAndSubtrees() throws ConfigException {
    WeirConfig config = Configs.load("""
        upstreams: {quay.io: {}, hub: {}}
        aliases:
          ocp4/openshift4: [quay.io/a/b, hub/c]
          mirror/: quay.io
          ubi/: [quay.io/ubi9/]
        """).config();
    assertThat(config.aliases()).containsExactly(
        new AliasConfig("ocp4/openshift4", false,
            List.of(new AliasConfig.Target("quay.io", "a/b"), new AliasConfig.Target("hub", "c"))),
        new AliasConfig("mirror", true, List.of(new AliasConfig.Target("quay.io", ""))),
        new AliasConfig("ubi", true, List.of(new AliasConfig.Target("quay.io", "ubi9"))));
  }
}
