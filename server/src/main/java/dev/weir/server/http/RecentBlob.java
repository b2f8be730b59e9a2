package dev.weir.server.http;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import dev.weir.auth.Who;
import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.OpenBlob;
import dev.weir.server.oci.ByteRange;

/** A blob, or a part of it, as it went out: its header but for its date, and the open file that its bytes come from. */
final class RecentBlob implements Recent, AutoCloseable {
  private final RecentHead head;
  private final ByteRange range;
  private final OpenBlob file;
  private final Repetition again;
  private final Who who;
  private final Supplier<Optional<Runnable>> places;

  /**
   * What is being sent.
   *
   * @param file closed by this
   * @param again told whenever it is given again
   * @param who asked for it
   * @param places one of which it takes each time, and gives back
   */
  RecentBlob(RecentHead head, ByteRange range, OpenBlob file, Repetition again, Who who,
      Supplier<Optional<Runnable>> places) {
    this.head = head;
    this.range = range;
    this.file = file;
    this.again = again;
    this.who = who;
    this.places = places;
  }

  /** To be sent once more; empty: only by asking anew. */
  Optional<Sending> open() {
    Optional<Runnable> place = places.get();
    if (place.isEmpty()) {
      return Optional.empty();
    }
    Optional<BlobBody> body = file.body();
    if (body.isEmpty()) {
      place.get().run();
    }
    return body.map(opened -> new Sending(opened, place.get()));
  }

  @Override
  public int size() {
    return head.size();
  }

  /** Keeps the file no longer; whoever is being sent it gets the rest. */
  @Override
  public void close() {
    file.close();
  }

  /** One answer of many. Used on the event loop. */
  final class Sending implements AutoCloseable {
    private final BlobBody body;
    private final Runnable placeBack;

    private Sending(BlobBody body, Runnable placeBack) {
      this.body = body;
      this.placeBack = placeBack;
    }

    BlobBody body() {
      return body;
    }

    ByteRange range() {
      return range;
    }

    Who who() {
      return who;
    }

    int status() {
      return head.status();
    }

    Repetition again() {
      return again;
    }

    /** The header for the wire; the caller releases it. */
    ByteBuf header(ByteBufAllocator allocator, String date) {
      return head.toBytes(allocator, date, 0);
    }

    /** When its last byte is sent, or none will be. */
    @Override
    public void close() throws IOException {
      placeBack.run();
      body.close();
    }
  }
}
