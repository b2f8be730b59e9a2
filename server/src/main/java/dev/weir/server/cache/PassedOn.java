package dev.weir.server.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.weir.storage.Arriving;
import dev.weir.storage.Digest;
import dev.weir.storage.StoredObject;

/**
 * A blob of our own store, which has it far away, straight from there to one client. Whoever stored it had verified it, and
 * what is read of it is neither kept nor verified here, as a file of the store's would not be.
 */
final class PassedOn implements BlobBody {
  /** Each costs two changes of threads. */
  private static final int PIECE_BYTES = 256 << 10;

  private final Digest digest;
  private final StoredObject object;
  private final DownloadEvents events;
  private final Runnable closed;
  private final AtomicBoolean isTold = new AtomicBoolean();
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /**
   * Takes the object over.
   *
   * @param closed told once that it is closed
   */
  PassedOn(Digest digest, StoredObject object, DownloadEvents events, Runnable closed) {
    this.digest = digest;
    this.object = object;
    this.events = events;
    this.closed = closed;
  }

  @Override
  public long size() {
    return object.size();
  }

  @Override
  public FileChannel file() {
    throw new IllegalStateException(digest + " lies in no local file");
  }

  @Override
  public boolean hasFile() {
    return false;
  }

  @Override
  public long awaitBeyond(long offset) {
    return object.size();
  }

  @Override
  public Optional<Arriving> arriving() {
    Optional<Arriving> arriving = object.arriving();
    if (arriving.isPresent()) {
      tell();
    }
    return arriving.map(bytes -> new Counted(bytes, events));
  }

  private void tell() {
    if (isTold.compareAndSet(false, true)) {
      events.passedOn(digest);
    }
  }

  @Override
  public Optional<Passing> passing(long from, long end) throws IOException {
    tell();
    return Optional.of(new Pieces(object.read(from, end), (int) Math.min(PIECE_BYTES, end - from), events));
  }

  @Override
  public void close() throws IOException {
    if (isClosed.compareAndSet(false, true)) {
      try {
        object.close();
      } finally {
        closed.run();
      }
    }
  }

  private record Counted(Arriving bytes, DownloadEvents events) implements Arriving {
    @Override
    public void to(Taker taker) {
      bytes.to(new CountingTaker(taker, events));
    }

    @Override
    public void close() {
      bytes.close();
    }
  }

  private record CountingTaker(Arriving.Taker taker, DownloadEvents events) implements Arriving.Taker {
    @Override
    public void take(ByteBuffer bytes, Runnable giveBack) {
      events.fetched(Source.STORE, bytes.remaining());
      taker.take(bytes, giveBack);
    }

    @Override
    public void end() {
      taker.end();
    }

    @Override
    public void broken(IOException why) {
      taker.broken(why);
    }
  }

  private static final class Pieces implements Passing {
    private final InputStream in;
    private final DownloadEvents events;
    private final ByteBuffer piece;

    Pieces(InputStream in, int pieceBytes, DownloadEvents events) {
      this.in = in;
      this.piece = ByteBuffer.allocate(pieceBytes);
      this.events = events;
    }

    @Override
    public Optional<ByteBuffer> next() throws IOException {
      int count = in.readNBytes(piece.array(), 0, piece.capacity());
      if (count == 0) {
        return Optional.empty();
      }
      events.fetched(Source.STORE, count);
      return Optional.of(piece.clear().limit(count));
    }

    /** What fails now can no longer matter. */
    @Override
    public void close() {
      try (in) {
        return;
      } catch (IOException e) {
        return;
      }
    }
  }
}
