package dev.weir.server.upstream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** The body of an answer, as it comes. For one thread, except {@link #close}, which any may call. */
interface Body extends AutoCloseable {
  /** However steadily a small body trickles. */
  Duration LONGEST_SMALL_BODY = Duration.ofMinutes(2);
  /** As much of a useless body is read as a new connection would cost. */
  int SHORT = 64 * 1024;

  /** What it is read for, as the beginning of a sentence. */
  String action();

  /**
   * The next bytes, valid until the next call; empty after the last.
   *
   * @throws UpstreamException if the rest will not come, or not in time
   */
  Optional<ByteBuffer> next() throws UpstreamException;

  /** Cuts the transfer, unless it is over, and wakes its reader. */
  @Override
  void close();

  /** The whole of a small body. */
  default byte[] readAll(int limit) throws UpstreamException {
    byte[] start = readUpTo(limit);
    if (start.length > limit) {
      throw UpstreamException.failed(action(), "the answer is larger than " + limit + " bytes");
    }
    return start;
  }

  /** Stops soon after {@code enough} bytes. */
  default byte[] readUpTo(int enough) throws UpstreamException {
    long deadline = System.nanoTime() + LONGEST_SMALL_BODY.toNanos();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    Optional<ByteBuffer> next = next();
    while (next.isPresent()) {
      byte[] bytes = new byte[next.get().remaining()];
      next.get().get(bytes);
      whole.writeBytes(bytes);
      if (System.nanoTime() - deadline > 0) {
        throw new UpstreamException(UpstreamException.Kind.TIMED_OUT, action(),
            "not complete after " + LONGEST_SMALL_BODY.toSeconds() + " s");
      }
      next = whole.size() > enough ? Optional.empty() : next();
    }
    return whole.toByteArray();
  }

  /** Reads past a body that nobody wants, unless it is long. */
  default void skipShort() throws UpstreamException {
    readUpTo(SHORT);
  }
}
