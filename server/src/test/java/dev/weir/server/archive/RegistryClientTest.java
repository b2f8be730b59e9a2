package dev.weir.server.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.MockServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class RegistryClientTest {
  static RegistryClient of(MockServer server) {
    return new RegistryClient(new Dial.Remote("127.0.0.1", server.port(), Optional.empty()),
        RegistryClient.Login.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain\r\nX-More: yes", "text/plain\n\nGET /v2/ HTTP/1.1", "a\0b", "ü"})
  void nothingIsSmuggledIntoARequest(String value) throws IOException {
    try (MockServer server = MockServer.http(request -> MockAnswer.json(200, "{}"));
        RegistryClient client = of(server)) {
      assertThatThrownBy(() -> client.ask("GET", "/v2/", Map.of("Accept", value))).isInstanceOf(IOException.class)
          .hasMessageContaining("control character");
      assertThatThrownBy(() -> client.ask("GET", "/v2/" + value, Map.of())).isInstanceOf(IOException.class);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void whatIsHonestIsAsked() throws IOException {
    try (MockServer server = MockServer.http(request -> MockAnswer.json(200, "{}"));
        RegistryClient client = of(server);
        Reply reply = client.ask("GET", "/v2/", Map.of("Accept", "a/b, c/d"))) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(server.requests()).singleElement().satisfies(
          request -> assertThat(request.header("Accept")).contains("a/b, c/d"));
    }
  }

  @Test
  void aConnectionThatWasClosedMeanwhileIsNotTheEnd() throws IOException {
    try (MockServer server = MockServer.http(request -> MockAnswer.json(200, "{}"));
        RegistryClient client = of(server)) {
      client.ask("GET", "/v2/", Map.of()).close();
      server.cutConnections();

      try (Reply reply = client.ask("PUT", "/v2/a/manifests/1", Map.of(), new Lasting(new byte[]{1, 2}))) {
        assertThat(reply.status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aBusyRegistryIsAskedAgainAfterAWhile() throws IOException {
    Queue<Integer> answers = new ConcurrentLinkedQueue<>(List.of(429, 503, 200));
    List<Duration> pauses = new ArrayList<>();
    try (MockServer server = MockServer.http(request -> MockAnswer.json(answers.remove(), "{}"));
        RegistryClient client = new RegistryClient(new Dial.Remote("127.0.0.1", server.port(), Optional.empty()),
            RegistryClient.Login.NONE, pauses::add);
        Reply reply = client.ask("PUT", "/v2/a/manifests/1", Map.of(), new Lasting(new byte[]{1, 2}))) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(pauses).hasSize(2).isSorted();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Lasting(byte[] content) implements Connection.Body {
    @Override
    public long length() {
      return content.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(content);
    }

    @Override
    public boolean lasts() {
      return true;
    }
  }
}
