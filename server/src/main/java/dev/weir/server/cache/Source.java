package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a download's bytes come from. Opened anew after every break, from where the last one ended.
 *
 * <p>A {@link dev.weir.server.oci.RegistryException} is a final answer (absent, denied, refused); any other
 * {@link IOException} is a break after which asking again makes sense.
 */
@FunctionalInterface
public interface Source {
  /** Asks for the bytes from {@code from} on; blocks until it is known that they come. The caller closes the answer. */
  Bytes open(long from) throws IOException;

  /** Bytes on their way. For one thread. */
  interface Bytes extends AutoCloseable {
    /** The size of the whole blob in bytes, if the source said it. */
    OptionalLong size();

    /** Where in the blob the first byte stands: as asked, or earlier when the source could not start there. */
    long offset();

    /** Waits for more, and gives it; the buffer is valid until the next call. Empty: all of it was given. */
    Optional<ByteBuffer> next() throws IOException;

    @Override
    void close();
  }
}
