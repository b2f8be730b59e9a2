package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

import dev.weir.storage.Arriving;

/** What another body is, but for what it says itself. */
public interface WrappedBody extends BlobBody {
  BlobBody body();

  @Override
  default long size() {
    return body().size();
  }

  @Override
  default FileChannel file() {
    return body().file();
  }

  @Override
  default long awaitBeyond(long offset) throws IOException {
    return body().awaitBeyond(offset);
  }

  @Override
  default boolean hasFile() {
    return body().hasFile();
  }

  @Override
  default boolean isThere() {
    return body().isThere();
  }

  @Override
  default boolean isWholeOnly() {
    return body().isWholeOnly();
  }

  @Override
  default Optional<Passing> passing(long from, long end) throws IOException {
    return body().passing(from, end);
  }

  @Override
  default Optional<Arriving> arriving() {
    return body().arriving();
  }

  @Override
  default void close() throws IOException {
    body().close();
  }
}
