package dev.weir.server.cache;

import java.io.IOException;

/** Our own disk failed, not the source: asking it again would help nobody. */
final class SpoolFailure extends IOException {
  SpoolFailure(IOException cause) {
    super("cannot keep what comes: " + cause.getMessage(), cause);
  }
}
