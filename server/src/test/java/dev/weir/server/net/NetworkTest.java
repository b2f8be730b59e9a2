package dev.weir.server.net;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class NetworkTest {
  @ParameterizedTest
  @CsvSource({"10.0.0.0/8,10.255.0.1,true", "10.0.0.0/8,11.0.0.1,false", "10.9.9.9/8,10.0.0.1,true",
      "192.0.2.7,192.0.2.7,true", "192.0.2.7,192.0.2.6,false", "192.0.2.6/31,192.0.2.7,true",
      "192.0.2.6/31,192.0.2.8,false", "0.0.0.0/0,255.255.255.255,true", "0.0.0.0/0,::1,false", "::/0,10.0.0.1,false",
      "fd00::/8,fdff::1,true", "fd00::/8,fc00::1,false", "2001:db8::/33,2001:db8:7fff::1,true",
      "2001:db8::/33,2001:db8:8000::1,false", "10.0.0.0/8,::ffff:10.0.0.1,true", "::1,0:0:0:0:0:0:0:1,true"})
  void containsWhatSharesItsLeadingBits(String network, String address, boolean contains) {
    assertThat(Network.parse(network).contains(IpAddress.parse(address))).isEqualTo(contains);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "10", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129",
      "10.0.0.256", "localhost", "weir.example/8", "fe80::1%eth0", "[::1]", ":", "1:2", " 10.0.0.1", "0x7f.0.0.1"})
  void whatIsNoNetworkIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Network.parse(text));
  }
}
