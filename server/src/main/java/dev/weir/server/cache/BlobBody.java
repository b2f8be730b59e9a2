package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

import dev.weir.storage.Arriving;

/**
 * A blob's bytes, in a local file that is whole or still growing but for what is passed on and not kept. One reader per
 * instance, which alone uses it and closes it.
 */
public interface BlobBody extends AutoCloseable {
  /** In bytes; known from the beginning. */
  long size();

  /**
   * Where the bytes lie: offset in the blob is offset in the file. Other readers use the same channel, and it
   * closes when the last of them has closed its body: read by position only, never close it, and never read on a thread
   * that may be interrupted.
   */
  FileChannel file();

  /**
   * Waits until more than {@code offset} bytes may be read, and returns how many may: at most {@code size()}, and fewer
   * than that as long as the digest is not proven.
   *
   * @param offset less than {@code size()}
   * @throws IOException if the rest will never come
   */
  long awaitBeyond(long offset) throws IOException;

  /** Whether there is such a file; else the bytes are to be had by {@link #passing} alone. */
  default boolean hasFile() {
    return true;
  }

  /** Whether all of it may be read now, so that {@link #awaitBeyond} does not wait. */
  default boolean isThere() {
    return false;
  }

  /**
   * Whether a part of it must not be given out. Damaged bytes of the same digest went out a while ago, whose end was held
   * back; a part now could be their end, and together they would make up a blob that nobody ever verified.
   */
  default boolean isWholeOnly() {
    return false;
  }

  /** The same, of which no part is given out. */
  default BlobBody wholeOnly() {
    return new WholeOnly(this);
  }

  /**
   * The bytes from {@code from} to {@code end}, excluded, past the file: where there is none, or where it will get no
   * further for want of room. Empty: there is no other way. The caller closes it.
   */
  default Optional<Passing> passing(long from, long end) throws IOException {
    return Optional.empty();
  }

  /** All of the bytes past the file, where they come by themselves; what does not arrive is had by {@link #passing}. The caller closes it. */
  default Optional<Arriving> arriving() {
    return Optional.empty();
  }

  /** The file of a blob that is whole, for readers to come; the caller closes it. Empty: they have to ask for the blob anew. */
  default Optional<OpenBlob> keepOpen() {
    return Optional.empty();
  }

  /** Bytes on their way from elsewhere to one reader. For one thread. */
  interface Passing extends AutoCloseable {
    /** Waits for more; the buffer is valid until the next call. Empty: all of it was given. */
    Optional<ByteBuffer> next() throws IOException;

    @Override
    void close();
  }

  @Override
  void close() throws IOException;
}
