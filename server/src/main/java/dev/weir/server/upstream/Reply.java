package dev.weir.server.upstream;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.weir.server.oci.Via;

/**
 * What a server answered; its body may still be on the way. Whoever has it closes it.
 *
 * @param address who answered: not always who was asked first
 */
record Reply(int status, HttpHeaders headers, Body body, URI address) implements AutoCloseable {
  Optional<String> header(String name) {
    return headers.firstValue(name).map(String::strip).filter(value -> !value.isEmpty());
  }

  List<String> lines(String name) {
    return headers.allValues(name);
  }

  /** Of the body as the server states it. */
  OptionalLong contentLength() {
    return header("Content-Length").map(Numbers::parse).orElse(OptionalLong.empty());
  }

  boolean isEncoded() {
    return header("Content-Encoding").filter(it -> !it.equalsIgnoreCase("identity")).isPresent();
  }

  /** Whether a weir gave it, or handed it on. */
  boolean isOfWeir() {
    return Via.parse(header(Via.HEADER)).hops() > 0;
  }

  @Override
  public void close() {
    body.close();
  }
}
