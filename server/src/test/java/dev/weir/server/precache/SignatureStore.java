package dev.weir.server.precache;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.MockServer;
import dev.weir.storage.Digest;

/** Signatures of releases, as a web server has them. */
public final class SignatureStore implements AutoCloseable {
  @SuppressWarnings("ArrayRecordComponent")
  private record Message(byte[] bytes) {}

  private final Map<String, Message> messages = new ConcurrentHashMap<>();
  private final MockServer server = MockServer.http(request -> Optional.ofNullable(messages.get(request.path()))
      .map(message -> MockAnswer.of(200, message.bytes())).orElseGet(() -> MockAnswer.html(404)));

  /** Its address, as in {@code release.signatures}. */
  public URI uri() {
    return server.uri().resolve("/signatures");
  }

  public MockServer server() {
    return server;
  }

  public void put(Digest release, int number, byte[] message) {
    messages.put("/signatures/sha256=" + release.hex() + "/signature-" + number, new Message(message));
  }

  @Override
  public void close() {
    server.close();
  }
}
