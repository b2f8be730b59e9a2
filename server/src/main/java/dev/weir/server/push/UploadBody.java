package dev.weir.server.push;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Bytes that a client sends, as they come. */
@FunctionalInterface
public interface UploadBody {
  /** Nothing to send. */
  UploadBody EMPTY = Optional::empty;

  /**
   * Waits for more; the buffer is valid until the next call. Empty: the client sent all it announced.
   *
   * @throws IOException if the client left before
   */
  Optional<ByteBuffer> next() throws IOException;
}
