package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import dev.weir.server.budget.Budget;

/**
 * Where a download's bytes come from. Opened anew after every break, from where the last one ended. By {@code equals} the
 * same as another that would give the same answers.
 *
 * <p>A {@link dev.weir.server.oci.RegistryException} is a final answer (absent, denied, refused); any other
 * {@link IOException} is a break after which asking again makes sense.
 */
@FunctionalInterface
public interface Source {
  /** What our own store is called, where it is a source; no upstream can have that name. */
  String STORE = "our store";

  /** Asks for the bytes from {@code from} on; blocks until it is known that they come. The caller closes the answer. */
  Bytes open(long from) throws IOException;

  /** The same up to {@code to}, excluded; it may give more, which is not to be read. */
  default Bytes open(long from, long to) throws IOException {
    return open(from);
  }

  /** What its downloads may use. */
  default Budget budget() {
    return Budget.UNLIMITED;
  }

  /** For metrics and the log. */
  default String name() {
    return "";
  }

  /** Whether it only stands in for another: what it refuses says nothing. */
  default boolean isMirror() {
    return false;
  }

  /** Whether what it gives need not be stored again. */
  default boolean isOurStore() {
    return false;
  }

  /** Bytes on their way. For one thread, except {@link #close}, which any may call. */
  interface Bytes extends AutoCloseable {
    /** The size of the whole blob in bytes, if the source said it. */
    OptionalLong size();

    /** Where in the blob the first byte stands: as asked, or earlier when the source could not start there. */
    long offset();

    /** Whether the source can give a part of the blob. */
    default boolean takesRanges() {
      return false;
    }

    /** Waits for more, and gives it; the buffer is valid until the next call. Empty: all of it was given. */
    Optional<ByteBuffer> next() throws IOException;

    @Override
    void close();
  }

  /** The source answers, but has no time now: worth another try even where it never gave a byte. */
  final class Busy extends IOException {
    private final transient Optional<Duration> wait;

    /** @param wait how long it wants to be left alone, if it said so */
    public Busy(IOException said, Optional<Duration> wait) {
      super(said.getMessage(), said);
      this.wait = wait;
    }

    Optional<Duration> howLong() {
      return wait;
    }
  }
}
