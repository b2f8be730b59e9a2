package dev.weir.server.upstream;

import java.util.Optional;

import dev.weir.storage.Digest;

/** The digest that an answer states, where it is one we can check. */
final class Digests {
  private Digests() {}

  static Optional<Digest> stated(Reply reply) {
    return reply.header("Docker-Content-Digest").flatMap(Digest::parsed);
  }
}
