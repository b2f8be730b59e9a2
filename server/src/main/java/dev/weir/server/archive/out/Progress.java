package dev.weir.server.archive.out;

import java.util.concurrent.atomic.AtomicLong;

/** How far an export is. Thread-safe. */
public final class Progress {
  private final long total;
  private final Shown shown;
  private final AtomicLong done = new AtomicLong();
  private volatile String at = "";

  /** Whoever shows it. */
  @FunctionalInterface
  public interface Shown {
    /** Bytes, and what is written; may be told very often. */
    void at(long done, long total, String what);
  }

  Progress(long total, Shown shown) {
    this.total = total;
    this.shown = shown;
  }

  void at(String what) {
    at = what;
    written(0);
  }

  /** Also of what is whole already. */
  void written(long bytes) {
    shown.at(done.addAndGet(bytes), total, at);
  }
}
