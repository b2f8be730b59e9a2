package dev.weir.server.space;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.weir.server.cache.BlobBody;
import dev.weir.storage.Digest;

/** Which blobs are being read. Thread-safe. */
public final class Readers {
  private final ConcurrentMap<Digest, Integer> reading = new ConcurrentHashMap<>();

  boolean isRead(Digest digest) {
    return reading.containsKey(digest);
  }

  /** The same body, which counts as being read until it is closed. */
  BlobBody watch(Digest digest, BlobBody body) {
    reading.merge(digest, 1, Integer::sum);
    return new Watched(digest, body);
  }

  private final class Watched implements BlobBody {
    private final Digest digest;
    private final BlobBody body;
    private boolean isClosed;

    Watched(Digest digest, BlobBody body) {
      this.digest = digest;
      this.body = body;
    }

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
      return body.isWholeOnly();
    }

    @Override
    public void close() throws IOException {
      if (!isClosed) {
        isClosed = true;
        reading.computeIfPresent(digest, (key, readers) -> readers == 1 ? null : readers - 1);
      }
      body.close();
    }
  }
}
