package dev.weir.server.http;

import java.util.Optional;

/** Tells whether what is held can be served. */
@FunctionalInterface
public interface ReadinessCheck {
  /** Why not, in a sentence; empty: it can. */
  Optional<String> trouble();
}
