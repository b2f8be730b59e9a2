package dev.weir.server.cache;

import java.util.Optional;

/** A whole blob's open file, kept for readers who are still to come. Thread-safe; nothing in it waits. */
public interface OpenBlob extends AutoCloseable {
  /** A reader's body, which nobody is asked for; closing it does not wait either. Empty: the file is closed. */
  Optional<BlobBody> body();

  /** Lets go of the file, which stays open for its readers. */
  @Override
  void close();
}
