package dev.weir.server.space;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.OpenBlob;
import dev.weir.server.cache.WrappedBody;
import dev.weir.storage.Digest;

/** Which blobs are being read. Thread-safe. */
public final class Readers {
  private final ConcurrentMap<Digest, Integer> reading = new ConcurrentHashMap<>();

  boolean isRead(Digest digest) {
    return reading.containsKey(digest);
  }

  /** The same body, which counts as being read until it is closed. */
  public BlobBody watch(Digest digest, BlobBody body) {
    reading.merge(digest, 1, Integer::sum);
    return new Watched(digest, body);
  }

  private final class Watched implements WrappedBody {
    private final Digest digest;
    private final BlobBody body;
    private boolean isClosed;

    Watched(Digest digest, BlobBody body) {
      this.digest = digest;
      this.body = body;
    }

    @Override
    public BlobBody body() {
      return body;
    }

    /** Kept open it does not count as being read; each reader does. */
    @Override
    public Optional<OpenBlob> keepOpen() {
      return body.keepOpen().map(open -> new WatchedOpen(digest, open));
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

  private final class WatchedOpen implements OpenBlob {
    private final Digest digest;
    private final OpenBlob open;

    WatchedOpen(Digest digest, OpenBlob open) {
      this.digest = digest;
      this.open = open;
    }

    @Override
    public Optional<BlobBody> body() {
      return open.body().map(body -> watch(digest, body));
    }

    @Override
    public void close() {
      open.close();
    }
  }
}
