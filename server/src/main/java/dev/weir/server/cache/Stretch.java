package dev.weir.server.cache;

/** A part of a growing file ahead of its front, which one further stream fills. Guarded by {@link Stretches}. */
final class Stretch {
  private final long from;
  private long at;
  private long to;
  private boolean isTaken = true;

  Stretch(long from, long to) {
    this.from = from;
    this.at = from;
    this.to = to;
  }

  /** What an earlier download left. */
  static Stretch held(Span span) {
    Stretch stretch = new Stretch(span.from(), span.to());
    stretch.at = span.to();
    stretch.isTaken = false;
    return stretch;
  }

  long from() {
    return from;
  }

  /** Up to where it is written. */
  long at() {
    return at;
  }

  long to() {
    return to;
  }

  /** Whether somebody fills it. */
  boolean isTaken() {
    return isTaken;
  }

  void wrote(long bytes) {
    at += bytes;
  }

  /** Nobody fills it any more: what is not written is no part of it. */
  void leave() {
    isTaken = false;
    to = at;
  }
}
