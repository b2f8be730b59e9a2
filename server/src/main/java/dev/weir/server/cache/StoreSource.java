package dev.weir.server.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.StoredObject;

/** A blob out of our own store, where that keeps it in no local file. */
public record StoreSource(BlobStore blobs, Digest digest) implements Source {
  private static final int PIECE_BYTES = 128 << 10;

  @Override
  public Bytes open(long from) throws IOException {
    return open(from, Long.MAX_VALUE);
  }

  @Override
  public Bytes open(long from, long to) throws IOException {
    StoredObject object = blobs.open(digest, from, to).orElseThrow(() -> new RegistryException(ErrorCode.BLOB_UNKNOWN,
        "blob unknown: " + digest + " was held a moment ago, and is not any more"));
    try {
      return new Pieces(object, from, Math.min(to, object.size()));
    } catch (IOException e) {
      object.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return STORE;
  }

  @Override
  public boolean isOurStore() {
    return true;
  }

  private static final class Pieces implements Bytes {
    private final StoredObject object;
    private final InputStream in;
    private final long from;
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);

    Pieces(StoredObject object, long from, long to) throws IOException {
      this.object = object;
      this.from = Math.min(from, object.size());
      this.in = object.read(this.from, Math.max(this.from, to));
    }

    @Override
    public OptionalLong size() {
      return OptionalLong.of(object.size());
    }

    @Override
    public long offset() {
      return from;
    }

    @Override
    public boolean takesRanges() {
      return true;
    }

    @Override
    public Optional<ByteBuffer> next() throws IOException {
      int count = in.readNBytes(piece.array(), 0, piece.capacity());
      return count == 0 ? Optional.empty() : Optional.of(piece.clear().limit(count));
    }

    /** What fails now can no longer matter. */
    @Override
    public void close() {
      try (object; in) {
        return;
      } catch (IOException e) {
        return;
      }
    }
  }
}
