package dev.weir.server.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.weir.server.fuzz.Fuzzing;
import dev.weir.server.net.Network;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class HttpParsersFuzzTest {
  private static final Digest EMPTY = Digest.sha256(new byte[0]);

  @Test
  void targetsAreDecodedOrRefused() {
    Fuzzing.run(5, noise -> {
      String text = noise.like("/v2/" + noise.repository() + "/manifests/x?n=1&last=a%2fb", "http://h:1/v2/?a", "*",
          "/?" + noise.repository() + "=" + noise.digest(), "/%c3%a9", "https://", "//x");
      try {
        assertThat(Target.parse(text).path()).startsWith("/");
      } catch (BadRequest e) {
        assertThat(e.status()).isEqualTo(400);
      }
    });
  }

  @Test
  void fieldsOfTheHeaderAreReadOrPassedOver() {
    TrustedProxies proxies = new TrustedProxies(List.of(Network.parse("127.0.0.0/8")));
    Fuzzing.run(5, noise -> {
      var _ = EntityTag.isKnown(Optional.of(noise.like("\"" + EMPTY + "\"", "W/\"x\", *", "\"a\",\"b\"")), EMPTY);
      var _ = EntityTag.permitsRange(Optional.of(noise.like("\"" + EMPTY + "\"", "W/\"x\"", "Sat, 21 Nov 2026")),
          EMPTY);
      assertThat(proxies.client(InetAddress.getLoopbackAddress(), List.of(noise.forwardedFor(), noise.forwardedFor()))
          .getHostAddress()).isNotEmpty();
      String printable = AccessLog.printable(noise.repository());
      assertThat(printable.getBytes(UTF_8)).hasSize(printable.length());
    });
  }
}
