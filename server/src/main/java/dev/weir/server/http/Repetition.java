package dev.weir.server.http;

import java.io.IOException;

/** Told when an answer is given again, which nobody else hears of. */
@FunctionalInterface
interface Repetition {
  /** On the event loop: must not wait. */
  void begun();

  /** On a thread of its own: not all of it could be sent. */
  default void failed(IOException why) throws IOException {}
}
