package dev.weir.server.registry;

import java.time.Duration;

/**
 * How long a client is kept waiting for upstream.
 *
 * @param cold when nothing is held; below the 20 s that no client waits longer than for headers
 * @param whileHeld when what is held could be served instead
 */
public record Patience(Duration cold, Duration whileHeld) {
  public static final Patience DEFAULT = new Patience(Duration.ofSeconds(18), Duration.ofMillis(800));
}
