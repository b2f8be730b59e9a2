package dev.weir.storage.disk;

/** What a program did to its disk. Paths are relative to the disk's root; a file keeps its number when it is renamed. */
sealed interface Change {
  /** A new, empty file. */
  record Create(String path, int file) implements Change {}

  /** Bytes of a file; never changed. */
  @SuppressWarnings("ArrayRecordComponent")
  record Write(int file, long offset, byte[] bytes) implements Change {}

  /** A file's end, where it was cut off. */
  record Truncate(int file, long size) implements Change {}

  /** A file's content is durable when this returns. */
  record Force(int file) implements Change {}

  /** A new directory. */
  record MakeDirectory(String path) implements Change {}

  /** What lies at {@code from} lies at {@code to} instead. */
  record Rename(String from, String to) implements Change {}

  /** A file, or an empty directory, goes. */
  record Remove(String path) implements Change {}

  /** The names in a directory are durable when this returns. */
  record Sync(String directory) implements Change {}
}
