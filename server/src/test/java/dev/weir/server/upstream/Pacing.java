package dev.weir.server.upstream;

import java.io.IOException;

/** Holds one body to a rate, which may change while it is sent. For one thread. */
final class Pacing {
  private long rate;
  /** When that rate was set, by the system's nanoseconds, and what had been sent then. */
  private long since = System.nanoTime();
  private long before;

  /** @param rate in bytes a second, from the body's beginning on */
  Pacing(long rate) {
    this.rate = rate;
  }

  /**
   * Waits until so much of the body may have been sent.
   *
   * @param wanted in bytes a second, from now on
   */
  void keep(long wanted, long sent) throws IOException {
    if (wanted != rate) {
      rate = wanted;
      since = System.nanoTime();
      before = sent;
    }
    if (rate < Long.MAX_VALUE) {
      long due = since + (long) ((sent - before) * 1e9 / rate);
      try {
        Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }
}
