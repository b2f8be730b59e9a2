package dev.weir.server.upstream;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The bytes of a blob as they arrive. For one thread, except {@link #close()}, which any may call. */
public interface BlobStream extends AutoCloseable {
  /** Of the whole blob in bytes; -1 if the upstream did not tell. */
  long size();

  /** Where in the blob the first byte lies: what was asked for, or 0 from an upstream that ignored the range. */
  long offset();

  /** Whether the server that sends it can send a part of it. */
  default boolean takesRanges() {
    return false;
  }

  /**
   * The next bytes, as soon as there are any; empty after the last. The buffer is valid until the next call. Reading slowly
   * slows the upstream down: little is held in memory.
   *
   * @throws UpstreamException if the rest will not come: never is a part of a blob taken for the whole
   */
  Optional<ByteBuffer> next() throws UpstreamException;

  /** Ends the transfer, and wakes whoever waits in {@link #next()}. */
  @Override
  void close();
}
