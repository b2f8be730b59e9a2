package dev.weir.server.upstream;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Small files at addresses that somebody configured, without credentials. Follows no redirect. Thread-safe. */
public final class WebFiles implements AutoCloseable {
  private final Wire wire;
  private final InstantSource clock;

  /** @param network by which all of them are reached */
  public WebFiles(Network network, UpstreamSettings.Patience patience, InstantSource clock) {
    this.wire = new Wire(patience, network, () -> network.trust(List.of()));
    this.clock = clock;
  }

  /**
   * A file; empty: its server says that there is none.
   *
   * @param most bytes that it may have
   */
  public Optional<byte[]> get(URI address, int most) throws UpstreamException {
    String action = "get " + address.getRawPath() + " from " + Origin.of(address).hostAndPort();
    try (Reply reply = wire.send(action, "GET", address, List.of(), false)) {
      return switch (reply.status()) {
        case 200 -> Optional.of(reply.body().readAll(most));
        case 404, 410 -> Optional.empty();
        default -> throw Failures.of(action, reply, clock.instant());
      };
    }
  }

  @Override
  public void close() {
    wire.close();
  }
}
