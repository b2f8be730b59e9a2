package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;

/** A reader of a download. Closing it is all that its leaving does. */
final class GrowingBody implements BlobBody {
  /** Less than this is worth waiting for more: each wake-up of a reader costs about as much as sending that much. */
  private static final long ENOUGH_BYTES = 1 << 20;
  /** How long more is waited for: on a fast link a lot comes meanwhile, on a slow one it does not matter. */
  private static final Duration GATHERING = Duration.ofMillis(2);

  private final Progress progress;
  private final Spool spool;
  private final long size;
  private final int clients;
  private boolean closed;

  /**
   * A new reader.
   *
   * @param spool retained for this reader, and released by {@link #close}
   * @param clients how many clients it counts for
   */
  GrowingBody(Progress progress, Spool spool, long size, int clients) {
    this.clients = clients;
    this.progress = progress;
    this.spool = spool;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public FileChannel file() {
    return spool.channel();
  }

  @Override
  public long awaitBeyond(long offset) throws IOException {
    long visible = progress.awaitBeyond(offset);
    if (visible == size || visible - offset >= ENOUGH_BYTES) {
      return visible;
    }
    gather();
    return progress.awaitBeyond(offset);
  }

  private static void gather() throws IOException {
    try {
      Thread.sleep(GATHERING);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for more", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      progress.readerLeft(clients);
      spool.release();
    }
  }
}
