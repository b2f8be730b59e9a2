package dev.weir.server.space;

import java.nio.channels.FileChannel;

import dev.weir.server.cache.BlobBody;

/** A blob that nobody looks into. */
final class NoBody implements BlobBody {
  @Override
  public long size() {
    return 0;
  }

  @Override
  public FileChannel file() {
    throw new IllegalStateException("nobody looks into it");
  }

  @Override
  public long awaitBeyond(long offset) {
    return 0;
  }

  @Override
  public void close() {}
}
