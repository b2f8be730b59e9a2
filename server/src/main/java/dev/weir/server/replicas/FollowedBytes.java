package dev.weir.server.replicas;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import dev.weir.server.cache.Source;
import dev.weir.storage.StoredObject;

/** One piece after the other, as they appear. For one thread; what is open is closed with it. */
final class FollowedBytes implements Source.Bytes {
  private static final int READ_BYTES = 128 << 10;

  private final Board board;
  private final Watched watched;
  private final Followed.Looks looks;
  private final long offset;
  private final long end;
  private final Runnable given;
  private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
  private long at;
  private Optional<Piece> last = Optional.empty();
  private @Nullable StoredObject object;
  private @Nullable InputStream in;

  FollowedBytes(Board board, Watched watched, Followed.Looks looks, long from, long end, Runnable given) {
    this.board = board;
    this.watched = watched;
    this.looks = looks;
    this.offset = from;
    this.end = end;
    this.given = given;
    this.at = from;
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(watched.said().size());
  }

  @Override
  public long offset() {
    return offset;
  }

  /** A piece that cannot be read since it is gone was handed on by one that has ended. */
  @Override
  public Optional<ByteBuffer> next() throws IOException {
    try {
      return piecewise();
    } catch (Followed.NoMore e) {
      throw e;
    } catch (IOException e) {
      throw watched.look() == Watched.State.ENDED
          ? new Followed.NoMore("the weir that fetched it has ended", Watched.State.ENDED)
          : e;
    }
  }

  private Optional<ByteBuffer> piecewise() throws IOException {
    while (at < end) {
      int count = in == null ? 0 : read(in);
      if (count > 0) {
        at += count;
        looks.found();
        given.run();
        return Optional.of(buffer.clear().limit(count));
      }
      closePiece();
      if (watched.said().shared() <= at || !openPiece()) {
        look();
      }
    }
    return Optional.empty();
  }

  /** What one that is gone has handed on is taken all the same. */
  private void look() throws IOException {
    try {
      looks.next();
    } catch (Followed.NoMore gone) {
      if (!openPiece()) {
        throw gone;
      }
    }
  }

  private int read(InputStream piece) throws IOException {
    int count = piece.readNBytes(buffer.array(), 0, (int) Math.min(buffer.capacity(), end - at));
    if (count == 0 && last.filter(current -> current.contains(at)).isPresent()) {
      throw new IOException("what another weir handed on ended at byte " + at + ", too early");
    }
    return count;
  }

  /** False: the next piece is not there. */
  private boolean openPiece() throws IOException {
    Optional<Piece> next = find(last);
    if (next.isEmpty() && last.isPresent()) {
      next = find(Optional.empty());
    }
    if (next.isEmpty() || !open(next.get())) {
      return false;
    }
    last = next;
    return true;
  }

  private Optional<Piece> find(Optional<Piece> after) throws IOException {
    return board.pieces(after).stream().filter(piece -> piece.contains(at)).max(Comparator.comparingLong(Piece::to));
  }

  private boolean open(Piece piece) throws IOException {
    Optional<StoredObject> found = board.open(piece);
    if (found.isEmpty()) {
      return false;
    }
    object = found.get();
    long length = piece.to() - piece.from();
    if (object.size() != length) {
      throw new IOException("what another weir handed on has " + object.size() + " bytes and not " + length);
    }
    in = object.read(at - piece.from(), length);
    return true;
  }

  /** What fails now can no longer matter. */
  private void closePiece() {
    StoredObject oldObject = object;
    InputStream oldIn = in;
    object = null;
    in = null;
    try (oldObject; oldIn) {
      return;
    } catch (IOException e) {
      return;
    }
  }

  @Override
  public void close() {
    closePiece();
  }
}
