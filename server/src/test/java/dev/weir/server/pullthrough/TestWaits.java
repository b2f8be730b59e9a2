package dev.weir.server.pullthrough;

import java.time.Duration;

import dev.weir.server.cache.Persistence;
import dev.weir.server.registry.Patience;
import dev.weir.server.upstream.UpstreamSettings;
import dev.weir.server.wiring.Waits;

/** Patience that a test can sit through. */
final class TestWaits {
  private static final Patience LONG_WHILE_HELD = new Patience(Patience.DEFAULT.cold(), Duration.ofSeconds(5));

  /** As by default, but that what is held is served instead is said of upstream, and not of a busy machine. */
  static final Waits LONG = new Waits(UpstreamSettings.Patience.DEFAULT, LONG_WHILE_HELD);

  /** The client's ends first, as it does by default for the idle time of a body. */
  static final Waits SHORT = new Waits(UpstreamSettings.Patience.DEFAULT,
      new Patience(Duration.ofMillis(400), Duration.ofMillis(200)));

  /** Upstream's ends first, as it does by default for an answer. */
  static final Waits SHORT_UPSTREAM = new Waits(
      new UpstreamSettings.Patience(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300),
          Duration.ZERO),
      Patience.DEFAULT);

  /** Nobody who says that he is busy is asked again. */
  static final Waits ONCE = new Waits(
      new UpstreamSettings.Patience(Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofSeconds(30),
          Duration.ZERO),
      LONG_WHILE_HELD, new Persistence(Duration.ofSeconds(4), Duration.ZERO, Duration.ofMinutes(10)));

  private TestWaits() {}

  static Waits ofClients(Duration cold) {
    return new Waits(UpstreamSettings.Patience.DEFAULT, new Patience(cold, cold.dividedBy(2)));
  }
}
