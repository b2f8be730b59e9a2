package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** A reader of a download. Closing it is all that its leaving does. */
final class GrowingBody implements BlobBody {
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
    return progress.awaitBeyond(offset);
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
