package dev.weir.server.pullthrough;

import java.time.Duration;

import dev.weir.server.registry.Patience;
import dev.weir.server.upstream.UpstreamSettings;
import dev.weir.server.wiring.Waits;

/** Patience that a test can sit through. */
final class TestWaits {
  /** The client's ends first, as it does by default for the idle time of a body. */
  static final Waits SHORT = new Waits(UpstreamSettings.Patience.DEFAULT,
      new Patience(Duration.ofMillis(400), Duration.ofMillis(200)));

  /** Upstream's ends first, as it does by default for an answer. */
  static final Waits SHORT_UPSTREAM = new Waits(
      new UpstreamSettings.Patience(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300)),
      Patience.DEFAULT);

  private TestWaits() {}

  static Waits ofClients(Duration cold) {
    return new Waits(UpstreamSettings.Patience.DEFAULT, new Patience(cold, cold.dividedBy(2)));
  }
}
