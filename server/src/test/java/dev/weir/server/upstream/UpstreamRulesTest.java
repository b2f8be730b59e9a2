package dev.weir.server.upstream;

import java.net.URI;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The pure rules, as tables. */
class UpstreamRulesTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "*                     | https://quay.io            | true",
      "quay.io               | https://quay.io            | true",
      "quay.io               | https://cdn.quay.io        | true",
      "quay.io               | https://myquay.io          | false",
      ".quay.io              | https://quay.io            | false",
      ".quay.io              | https://cdn.quay.io        | true",
      "*.quay.io             | https://cdn.quay.io        | true",
      "QUAY.io               | https://Quay.IO            | true",
      "a.test, quay.io       | https://quay.io            | true",
      "quay.io:443           | https://quay.io            | true",
      "quay.io:8443          | https://quay.io            | false",
      "10.0.0.0/8            | https://10.1.2.3:5000      | true",
      "10.0.0.0/8            | https://11.1.2.3           | false",
      "10.0.0.0/99           | https://10.1.2.3           | false",
      "10.0.0.0/8            | https://ten.test           | false",
      "10.1.2.3              | https://10.1.2.3           | true",
      "10.1.2.3:5000         | https://10.1.2.3           | false",
      "fd00::/8              | https://[fd12::1]:5000     | true",
      "fd00::/8              | https://[fe12::1]          | false",
      "[fd12::1]:5000        | https://[fd12::1]:5000     | true",
      "[fd12::1]             | https://[fd12:0:0::1]      | true",
      "fd12::1               | https://[fd12::1]          | true",
      "' ,, '                | https://quay.io            | false",
      "''                    | https://quay.io            | false"})
  void noProxyCovers(String variable, URI target, boolean covered) {
    assertThat(NoProxy.parse(variable).covers(Origin.of(target))).isEqualTo(covered);
  }

  @Test
  void proxyIsChosenBySchemeAndCapitalsWin() {
    Proxies proxies = Proxies
        .of(Map.of("HTTPS_PROXY", "http://s:1", "https_proxy", "http://t:1", "http_proxy", "p:3128",
            "no_proxy", "internal.test"));
    assertThat(proxies.of(URI.create("https://quay.io"))).map(Proxies.Server::host).contains("s");
    assertThat(proxies.of(URI.create("http://quay.io"))).map(Proxies.Server::port).contains(3128);
    assertThat(proxies.of(URI.create("https://a.internal.test"))).isEmpty();
    assertThat(proxies.of(URI.create("https://localhost:5000"))).isEmpty();
    assertThat(proxies.of(URI.create("https://[::1]:5000"))).isEmpty();
  }

  @Test
  void proxyThatCannotBeUsedIsNamedWithoutItsPassword() {
    for (String value : new String[]{"socks5://u:pw@h:1", "https://u:pw@h:1", "http://u:pw|@h", "http://u:pw@"}) {
      assertThatThrownBy(() -> Proxies.of(Map.of("HTTPS_PROXY", value))).isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("HTTPS_PROXY").hasMessageNotContaining("pw");
    }
  }

  @ParameterizedTest
  @CsvSource({"quay.io,quay.io,true", "quay.io,auth.quay.io,true", "registry-1.docker.io,auth.docker.io,true",
      "quay.io,evilquay.io,false", "quay.io,quay.io.evil.test,false", "a.co.uk,b.co.uk,false",
      "r.a.co.uk,t.a.co.uk,true",
      "a.com.cn,b.com.cn,false", "a.azurecr.io,b.azurecr.io,false", "a.azurecr.io,a.azurecr.io,true", "com,com,true",
      "a.com,com,false", "10.0.0.1,10.0.0.1,true", "10.0.0.1,11.0.0.1,false", "1.2.0.1,9.9.0.1,false",
      "fd00::1,fd00::1,true", "fd00::1,fd00::2,false", "registry,registry,true", "registry,auth,false",
      "quay.io,quay.io.,false", "x..io,y..io,false"})
  void hostsAreRelated(String one, String other, boolean related) {
    assertThat(Domains.related(one, other)).isEqualTo(related);
    assertThat(Domains.related(other, one)).isEqualTo(related);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "Bearer realm=\"https://a/t\",service=\"a,b\",scope=\"r:x:pull r:y:pull\" | [bearer {realm=https://a/t, service=a,b, scope=r:x:pull r:y:pull}]",
      "BASIC Realm=\"x \\\"y\\\" z\"                     | [basic {realm=x \"y\" z}]",
      "Negotiate, Bearer realm=r , Basic realm = \"b\"   | [negotiate {}, bearer {realm=r}, basic {realm=b}]",
      "Negotiate YWJj==, Basic realm=b                   | [negotiate {ywjj=}, basic {realm=b}]",
      "Bearer realm=\"a\",realm=\"b\"                    | [bearer {realm=a}]",
      "Bearer realm=\"never closed                       | [bearer {realm=never closed}]",
      "realm=\"of nobody\"                               | []",
      ",,, = \" \"                                       | []"})
  void challengesAreRead(String line, String expected) {
    assertThat(Challenge.parse(List.of(line)).stream().map(it -> it.scheme() + " " + it.parameters()).toList())
        .hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(delimiter = ' ', value = {
      "https://a/v2/x https://b/c?s=a%2Fb%2Bc%3D~&t=%7e https://b/c?s=a%2Fb%2Bc%3D~&t=%7e",
      "https://a/v2/x /c//d/../e?q=1#f https://a/c//d/../e?q=1", "https://a/v2/x ?q=1 https://a/v2/?q=1",
      "https://a/v2/x //b/c https://b/c", "https://a/v2/x https://b/c?u=1|name&v={x} https://b/c?u=1%7Cname&v=%7Bx%7D"})
  void locationsStayAsTheyWereWritten(URI base, String location, String expected) {
    assertThat(Locations.resolve(base, location)).map(URI::toString).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1,true", "127.9.9.9,true", "0.0.0.0,true", "169.254.169.254,true", "::1,true", "::,true",
      "fe80::1,true", "fd00:ec2::254,true", "::ffff:127.0.0.1,true", "64:ff9b::a9fe:a9fe,true", "100.100.100.200,true",
      "localhost,true", "a.localhost,true", "localhost.,true", "2130706433,true", "127.1,true", "224.0.0.1,true",
      "10.0.0.1,false", "192.168.1.1,false", "8.8.8.8,false", "fd00::1,false", "quay.io,false"})
  void addressesAreInternal(String host, boolean internal) {
    assertThat(InternalAddresses.isInternalLiteral(host)).isEqualTo(internal);
  }

  @ParameterizedTest
  @CsvSource({"ftp://a", "https:a", "https:///x", "https://u:p@a", "https://a?x=1", "quay.io"})
  void remoteAddressThatIsNoneIsRefused(URI remote) {
    assertThatThrownBy(() -> UpstreamSettings.of("x", remote)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("upstream x: ");
  }
}
