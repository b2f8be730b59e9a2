package dev.weir.server.space;

import java.nio.channels.FileChannel;
import java.util.Optional;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.OpenBlob;

/** A blob that nobody looks into. It can be kept open. */
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
  public Optional<OpenBlob> keepOpen() {
    return Optional.of(new OpenBlob() {
      @Override
      public Optional<BlobBody> body() {
        return Optional.of(new NoBody());
      }

      @Override
      public void close() {}
    });
  }

  @Override
  public void close() {}
}
