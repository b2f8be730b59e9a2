package dev.weir.server.cache;

import java.util.function.LongSupplier;

import dev.weir.storage.Digest;

/** Gives out room on the disk, for which something else may have to go. Thread-safe. */
public interface Space {
  /** As much as anybody wants. */
  Space UNBOUNDED = new Space() {
    @Override
    public Reserved reserve(Digest digest, long bytes, LongSupplier written) {
      return left -> {};
    }

    @Override
    public void take(long bytes) {}

    @Override
    public void give(long bytes) {}
  };

  /**
   * Room for a blob that is to come, which its source has promised: blocks while others go.
   *
   * @param bytes of the whole blob
   * @param written how many of them are on the disk already; asked at any time until the room is given back
   * @throws NoRoom if there is none
   */
  Reserved reserve(Digest digest, long bytes, LongSupplier written) throws NoRoom;

  /**
   * Room for bytes that are to be written at once; blocks while others go.
   *
   * @throws NoRoom if there is none
   */
  void take(long bytes) throws NoRoom;

  /** So many that were taken are gone, or counted elsewhere; negative: it turns out that they are not. */
  void give(long bytes);

  /** What was reserved. */
  @FunctionalInterface
  interface Reserved {
    /**
     * The blob is stored, or will not come.
     *
     * @param left bytes that stay on the disk all the same
     */
    void end(long left);
  }
}
