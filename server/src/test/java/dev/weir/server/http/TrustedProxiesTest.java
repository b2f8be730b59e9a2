package dev.weir.server.http;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.net.IpAddress;
import dev.weir.server.net.Network;

import static org.assertj.core.api.Assertions.assertThat;

class TrustedProxiesTest {
  private static final TrustedProxies PROXIES = new TrustedProxies(
      Stream.of("10.0.0.0/8", "fd00::/8").map(Network::parse).toList());

  private static String client(String from, String... forwardedFor) {
    return PROXIES.client(IpAddress.parse(from), List.of(forwardedFor)).getHostAddress();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"10.0.0.1|192.0.2.9|192.0.2.9", "10.0.0.1|6.6.6.6, 192.0.2.9|192.0.2.9",
      "10.0.0.1|6.6.6.6, 192.0.2.9, 10.0.0.2,10.0.0.3|192.0.2.9", "10.0.0.1|10.0.0.2, 10.0.0.3|10.0.0.2",
      "10.0.0.1|192.0.2.9:4711|192.0.2.9", "10.0.0.1|[2001:db8::1]:4711|2001:db8:0:0:0:0:0:1",
      "10.0.0.1|2001:db8::1|2001:db8:0:0:0:0:0:1", "fd00::1|2001:db8::1, fd12::1|2001:db8:0:0:0:0:0:1",
      "10.0.0.1|fe80::1%eth0|fe80:0:0:0:0:0:0:1"})
  void lastAddressThatIsNoProxyOfOursIsTheClients(String from, String field, String client) {
    assertThat(client(from, field)).isEqualTo(client);
  }

  @Test
  void repeatedFieldsAreOneList() {
    assertThat(client("10.0.0.1", "6.6.6.6", "192.0.2.9", "10.0.0.2")).isEqualTo("192.0.2.9");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"192.0.2.1|192.0.2.9", "192.0.2.1|10.0.0.1", "2001:db8::1|fd00::1"})
  void othersMayStateNothing(String from, String field) {
    assertThat(client(from, field)).isEqualTo(IpAddress.parse(from).getHostAddress());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {"''", "unknown", "localhost", ",",
      "[", "[]", "[::1", "]", ":", "::::", "%", "1.2.3", "192.0.2.9 192.0.2.8", "192.0.2.9, ", "evil\u0000"})
  void whatIsNoAddressStatesNothing(String field) {
    assertThat(client("10.0.0.1", field)).isEqualTo("10.0.0.1");
    assertThat(client("10.0.0.1", "192.0.2.9, " + field + ", 10.0.0.7")).isEqualTo("10.0.0.7");
  }
}
