package dev.weir.server.precache;

import java.io.IOException;

/** The job ends before it is done, and says nothing of what it has not done: somebody will go on with it, or wants it no more. */
final class Stopped extends IOException {
  private static final long serialVersionUID = 1;

  Stopped() {
    super("stopped before it was done");
  }
}
