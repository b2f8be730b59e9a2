package dev.weir.server.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HeadTest {
  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void headIsTakenOnceItsEmptyLineIsThereAndTheBodyIsLeft() throws IOException {
    String text = "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nX-Two:1\r\nx-two: \t2 \r\nX-None:\r\n\r\n";
    for (int length = 0; length < text.length(); length++) {
      ByteBuffer part = bytes(text.substring(0, length));
      assertThat(Head.take(part)).isEmpty();
      assertThat(part.remaining()).isEqualTo(length);
    }
    ByteBuffer in = bytes(text + "\r\nbody");
    Head head = Head.take(in).orElseThrow();
    assertThat(in.remaining()).isEqualTo("\r\nbody".length());
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers().allValues("X-TWO")).containsExactly("1", "2");
    assertThat(head.headers().firstValue("content-type")).contains("a/b");
    assertThat(head.headers().firstValue("X-None")).contains("");
  }

  /** UTF-8 in a value, whose second byte some take for the end of a line. */
  @Test
  void valueMayHoldAnyByteButControls() throws IOException {
    Head head = Head.take(bytes("HTTP/1.1 200 \u00c3\u0085\r\nA: \t \u00c3\u0085 b\t\r\n\r\n")).orElseThrow();
    assertThat(head.headers().firstValue("A")).contains("\u00c3\u0085 b");
  }

  @Test
  void linesMayEndWithoutACarriageReturn() throws IOException {
    Head head = Head.take(bytes("HTTP/1.0 404\nA: b\n\n")).orElseThrow();
    assertThat(head.status()).isEqualTo(404);
    assertThat(head.headers().firstValue("A")).contains("b");
    assertThat(head.keepsConnection()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/2 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000", "HTTP/1.1 999 Odd", "ICY 200 OK",
      "<html>",
      "HTTP/1.1 200 OK\r\nA", "HTTP/1.1 200 OK\r\nA : b", "HTTP/1.1 200 OK\r\n: b", "HTTP/1.1 200 OK\r\nA: b\r\n c: d",
      "HTTP/1.1 200 OK\r\nA: b\rC: d", "HTTP/1.1 200 OK\r\nA: b\0", "HTTP/1.1 200 OK\r\nA b: c"})
  void whatIsNoHeadIsRefused(String text) {
    assertThatThrownBy(() -> Head.take(bytes(text + "\r\n\r\n"))).isInstanceOf(IOException.class);
  }

  @Test
  void headWithoutEndIsRefusedAtTheBound() {
    assertThatThrownBy(() -> Head.take(bytes("HTTP/1.1 200 OK\r\nA: " + "a".repeat(Head.LONGEST_BYTES))))
        .hasMessageContaining("longer than");
  }

  @ParameterizedTest
  @CsvSource({"close,false", "'keep-alive, Close',false", "keep-alive,true", "closed,true"})
  void connectionIsKeptUnlessTheServerSaysOtherwise(String value, boolean keeps) throws IOException {
    Head head = Head.take(bytes("HTTP/1.1 200 OK\r\nConnection: " + value + "\r\n\r\n")).orElseThrow();
    assertThat(head.keepsConnection()).isEqualTo(keeps);
  }
}
