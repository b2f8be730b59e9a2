package dev.weir.server.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** A blob of which nobody gets a part, since parts that were given out before turned out to be damaged. */
record WholeOnly(BlobBody body) implements BlobBody {
  @Override
  public long size() {
    return body.size();
  }

  @Override
  public FileChannel file() {
    return body.file();
  }

  @Override
  public long awaitBeyond(long offset) throws IOException {
    return body.awaitBeyond(offset);
  }

  @Override
  public boolean isThere() {
    return body.isThere();
  }

  @Override
  public Optional<Passing> passing(long from, long end) {
    return body.passing(from, end);
  }

  @Override
  public boolean isWholeOnly() {
    return true;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
