package dev.weir.server.upstream;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FramingTest {
  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Framing framing(String... fields) throws IOException {
    String head = "HTTP/1.1 200 OK\r\n" + String.join("\r\n", fields) + (fields.length > 0 ? "\r\n" : "") + "\r\n";
    return Framing.of(Head.take(bytes(head)).orElseThrow());
  }

  /** What the framing gives out of {@code text} when that comes in pieces of so many bytes. */
  private static String read(Framing framing, String text, int pieceLength) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    ByteBuffer in = bytes(text);
    for (int end = 0; !framing.isOver() && end < text.length();) {
      end = Math.min(text.length(), end + pieceLength);
      in.limit(end);
      for (Optional<ByteBuffer> next = framing.take(in); next.isPresent(); next = framing.take(in)) {
        byte[] piece = new byte[next.get().remaining()];
        next.get().get(piece);
        body.writeBytes(piece);
      }
    }
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void statedLengthIsTheEndAndWhatFollowsIsLeft() throws IOException {
    Framing framing = framing("Content-Length: 5");
    ByteBuffer in = bytes("helloHTTP");
    assertThat(framing.take(in).orElseThrow().remaining()).isEqualTo(5);
    assertThat(framing.isOver()).isTrue();
    assertThat(framing.leavesConnection()).isTrue();
    assertThat(in.remaining()).isEqualTo(4);
  }

  @Test
  void connectionThatEndsBeforeTheStatedLengthIsAnError() throws IOException {
    Framing framing = framing("Content-Length: 5");
    assertThat(read(framing, "hell", 4)).isEqualTo("hell");
    assertThatThrownBy(framing::connectionEnded).isInstanceOf(EOFException.class).hasMessageContaining("1 bytes");
  }

  @Test
  void chunksComeOutTheSameHoweverTheyAreCutOnTheWay() throws IOException {
    String text = "5\r\nhello\r\n1;ext=\"a\"\r\n \r\n0A\r\n0123456789\r\n0\r\nX-After: 1\r\n\r\n";
    for (int length = 1; length <= text.length(); length++) {
      Framing framing = framing("Transfer-Encoding: chunked");
      assertThat(read(framing, text, length)).isEqualTo("hello 0123456789");
      assertThat(framing.isOver()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "x\r\n", "-1\r\n", "5\r\nhelloo\r\n", "1234567890123456\r\n", "0x5\r\nhello\r\n"})
  void chunksThatAreNoneAreRefused(String text) throws IOException {
    Framing framing = framing("Transfer-Encoding: chunked");
    assertThatThrownBy(() -> read(framing, text, text.length())).hasMessageContaining("not correctly chunked");
  }

  @Test
  void endlessSizeOfAChunkIsRefused() throws IOException {
    Framing framing = framing("Transfer-Encoding: chunked");
    assertThatThrownBy(() -> read(framing, "5;" + "a".repeat(10_000), 10_000)).isInstanceOf(IOException.class);
  }

  @Test
  void endlessTrailerIsRefused() throws IOException {
    Framing framing = framing("Transfer-Encoding: chunked");
    String text = "0\r\n" + ("X: " + "a".repeat(1000) + "\r\n").repeat(100);
    assertThatThrownBy(() -> read(framing, text, 4000)).isInstanceOf(IOException.class);
  }

  @Test
  void connectionThatEndsBetweenChunksIsAnError() throws IOException {
    Framing framing = framing("Transfer-Encoding: chunked");
    assertThat(read(framing, "5\r\nhello\r\n", 10)).isEqualTo("hello");
    assertThatThrownBy(framing::connectionEnded).isInstanceOf(EOFException.class);
  }

  @Test
  void withoutAWordAboutItTheConnectionsEndIsTheBodys() throws IOException {
    Framing framing = framing();
    assertThat(read(framing, "hello", 2)).isEqualTo("hello");
    assertThat(framing.isOver()).isFalse();
    framing.connectionEnded();
    assertThat(framing.isOver()).isTrue();
    assertThat(framing.leavesConnection()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5, 5", "Content-Length: -5",
      "Content-Length: ", "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5"})
  void headsThatDoNotTellTheEndAreRefused(String fields) {
    assertThatThrownBy(() -> framing(fields)).isInstanceOf(IOException.class);
  }
}
