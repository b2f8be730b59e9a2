package dev.weir.server.space;

/** What files take of a disk. Every file system in use here gives out blocks of this size. */
final class Blocks {
  static final long BYTES = 4096;

  private Blocks() {}

  /** What a file of so many bytes takes. */
  static long of(long bytes) {
    return bytes > Long.MAX_VALUE - BYTES ? Long.MAX_VALUE : (bytes + BYTES - 1) / BYTES * BYTES;
  }
}
