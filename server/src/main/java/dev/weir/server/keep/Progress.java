package dev.weir.server.keep;

/** Told how far long work is, and asked whether it is to go on. */
public interface Progress {
  /** For work that nobody watches. */
  Progress UNSEEN = (done, total, what) -> {};

  /** So much of {@code total} is done; {@code what} is next. */
  void at(long done, long total, String what);

  /** More for whoever watches closely: a record, each time a fresh one. */
  default void details(Object details) {}

  /** Whether the work is to end before it is done. */
  default boolean isStopping() {
    return false;
  }
}
