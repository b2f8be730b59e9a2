package dev.weir.server.upstream;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.upstream.Call.Header;
import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.server.upstream.UpstreamSettings.Patience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** The wire as blobs use it. What every answer must be proof against stands in {@link BadAnswersTest}. */
class BulkWireTest {
  private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration SHORT = Duration.ofMillis(300);

  private static Wire wire(Duration response) {
    return new Wire(new Patience(Duration.ofSeconds(5), response, Duration.ofSeconds(5), Duration.ZERO),
        Network.of(Map.of()), () -> {
          throw new IOException("no authorities");
        });
  }

  private static Reply get(Wire wire, URI address, Header... headers) throws UpstreamException {
    return wire.send("pull", "GET", address, List.of(headers), true);
  }

  private static String text(Reply reply) throws UpstreamException {
    try (reply) {
      return new String(reply.body().readAll(1000), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void requestIsWhatAnyServerReads() throws IOException {
    try (RawServer server = new RawServer(HELLO, HELLO); Wire wire = wire(Duration.ofSeconds(5))) {
      assertThat(text(get(wire, server.uri("/a%2Fb?x=%C3%A4&y"), new Header("Range", "bytes=1-")))).isEqualTo("hello");
      assertThat(server.heads().getFirst()).startsWith("GET /a%2Fb?x=%C3%A4&y HTTP/1.1\r\nHost: "
          + server.uri("").getAuthority() + "\r\n").contains("\r\nRange: bytes=1-\r\n")
          .contains("\r\nAccept-Encoding: identity\r\n").contains("\r\nUser-Agent: weir\r\n");
      text(get(wire, server.uri("")));
      assertThat(server.heads().getLast()).startsWith("GET / HTTP/1.1\r\n");
    }
  }

  @Test
  void oneConnectionServesOneAnswerAfterTheOther() throws IOException {
    try (
        RawServer server = new RawServer(HELLO,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
            "HTTP/1.1 204 No\r\n\r\n", HELLO);
        Wire wire = wire(Duration.ofSeconds(5))) {
      assertThat(text(get(wire, server.uri("/1")))).isEqualTo("hello");
      assertThat(text(get(wire, server.uri("/2")))).isEqualTo("hi");
      assertThat(text(get(wire, server.uri("/3")))).isEmpty();
      assertThat(text(get(wire, server.uri("/4")))).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
      "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", HELLO + "and more than was said"})
  void connectionThatIsNotLeftCleanServesNoOther(String first) throws IOException {
    try (RawServer server = new RawServer(first, HELLO); Wire wire = wire(Duration.ofSeconds(5))) {
      assertThat(text(get(wire, server.uri("/")))).isEqualTo("hello");
      assertThat(text(get(wire, server.uri("/")))).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void bodyThatIsGivenUpTakesItsConnectionWithIt() throws IOException {
    try (RawServer server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell", HELLO);
        Wire wire = wire(Duration.ofSeconds(5))) {
      try (Reply half = get(wire, server.uri("/"))) {
        assertThat(half.body().next()).isPresent();
      }
      assertThat(text(get(wire, server.uri("/")))).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void closingABodyThatWasReadLeavesTheConnectionToWhoeverHasItNow() throws IOException {
    try (RawServer server = new RawServer(HELLO, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh");
        Wire wire = wire(Duration.ofSeconds(5))) {
      Reply first = get(wire, server.uri("/"));
      assertThat(first.body().readAll(10)).hasSize(5);
      try (Reply second = get(wire, server.uri("/"))) {
        first.body().close();
        assertThat(second.body().next()).isPresent();
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void restingConnectionThatItsServerClosedCostsAnotherTry() throws IOException {
    try (RawServer server = new RawServer(HELLO); Wire wire = wire(Duration.ofSeconds(5))) {
      text(get(wire, server.uri("/")));
      server.cutConnections();
      server.answer(HELLO);
      assertThat(text(get(wire, server.uri("/")))).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void serverThatHangsUpTwiceIsNotAskedAThirdTime() throws IOException {
    try (RawServer server = new RawServer(RawServer.HANG_UP, RawServer.HANG_UP, HELLO);
        Wire wire = wire(Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> get(wire, server.uri("/"))).hasMessageContaining("broke before an answer");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void interimAnswersArePassedOver() throws IOException {
    try (RawServer server = new RawServer("HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Go\r\n\r\n" + HELLO);
        Wire wire = wire(Duration.ofSeconds(5))) {
      assertThat(text(get(wire, server.uri("/")))).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 101 Switch\r\n\r\n", "SSH-2.0-OpenSSH\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"})
  void answerThatIsNoneIsAFailureAndNotAskedForAgain(String answer) throws IOException {
    try (RawServer server = new RawServer(answer, HELLO); Wire wire = wire(Duration.ofSeconds(5))) {
      UpstreamException failure = catchThrowableOfType(UpstreamException.class, () -> get(wire, server.uri("/")));
      assertThat(failure.kind()).isEqualTo(Kind.FAILED);
      assertThat(server.heads()).hasSize(1);
    }
  }

  @Test
  void silenceBeforeAnAnswerEndsInTime() throws IOException {
    try (RawServer server = new RawServer(); Wire wire = wire(SHORT)) {
      UpstreamException failure = catchThrowableOfType(UpstreamException.class, () -> get(wire, server.uri("/")));
      assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(failure).hasMessageContaining("did not answer within 300 ms");
    }
  }

  @Test
  void nobodyListeningAndNobodyKnownAreSaidApart() throws IOException {
    URI closed;
    try (RawServer server = new RawServer()) {
      closed = server.uri("/");
    }
    try (Wire wire = wire(Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> get(wire, closed))
          .hasMessageContaining("pull: no connection to " + closed.getAuthority());
      assertThatThrownBy(() -> get(wire, URI.create("http://nowhere.invalid/")))
          .hasMessageContaining("nobody knows the host name nowhere.invalid");
    }
  }

  @Test
  void authoritiesThatCannotBeReadAreNoTroubleOfTheUpstreams() {
    try (Wire wire = wire(Duration.ofSeconds(5))) {
      UpstreamException failure = catchThrowableOfType(UpstreamException.class,
          () -> get(wire, URI.create("https://127.0.0.1:1/")));
      assertThat(failure).hasMessage("pull: no authorities");
      assertThat(failure.isOutage()).isFalse();
    }
  }

  @Test
  void closingTheWireCutsWhatRuns() throws IOException {
    Wire wire = wire(Duration.ofSeconds(5));
    try (RawServer server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhell");
        Reply reply = get(wire, server.uri("/"))) {
      assertThat(reply.body().next()).isPresent();
      wire.close();
      assertThatThrownBy(() -> reply.body().next()).hasMessageContaining("after 4 bytes");
    }
  }
}
