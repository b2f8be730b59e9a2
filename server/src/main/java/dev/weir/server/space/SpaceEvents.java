package dev.weir.server.space;

/** What operators want to hear of the room on the disk. Must not block or throw. Thread-safe. */
public interface SpaceEvents {
  /**
   * A cached image went to make room.
   *
   * @param bytes that its blobs freed
   */
  void evicted(long bytes);

  /** The same, for who wants to know which. */
  default void gone(Departure image) {}

  /** Somebody who pushes found no room, and hears so. */
  void refused();
}
