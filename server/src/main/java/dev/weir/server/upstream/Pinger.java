package dev.weir.server.upstream;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;

import dev.weir.server.oci.RequestPath;

/** {@code GET /v2/}: only to learn whether anybody is there, so a challenge is as good an answer as any. */
final class Pinger {
  private final String action;
  private final URI address;
  private final Wire wire;
  private final InstantSource clock;

  Pinger(String upstream, UpstreamAddress address, Wire wire, InstantSource clock) {
    this.action = "look whether " + upstream + " answers";
    this.address = address.root().resolve(RequestPath.ping());
    this.wire = wire;
    this.clock = clock;
  }

  void ping() throws UpstreamException {
    try (Reply reply = wire.send(action, "GET", address, List.of(), false)) {
      if (reply.status() >= 500 || reply.status() == 407) {
        throw Failures.of(action, reply, clock.instant()).asOutage();
      }
      reply.body().skipShort();
    }
  }
}
