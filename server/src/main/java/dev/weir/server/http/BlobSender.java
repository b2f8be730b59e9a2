package dev.weir.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.NoRoom;
import dev.weir.server.oci.ByteRange;
import dev.weir.storage.Arriving;

/**
 * Sends a stretch of a blob behind its header, at the client's pace. In plain HTTP the kernel moves the bytes from file
 * to socket; what is encrypted passes through memory, two pieces of it at a time. Used by the request's thread alone.
 */
final class BlobSender {
  private final Channel channel;
  private final Outbound out;
  /** What goes with the next bytes. */
  private final List<Object> waiting = new ArrayList<>();
  private long sent;
  private boolean begun;

  BlobSender(Channel channel, Outbound out) {
    this.channel = channel;
    this.out = out;
  }

  /** Whether the header is on its way. */
  boolean hasBegun() {
    return begun;
  }

  /** Bytes of the blob that the socket has taken. */
  long sent() {
    return sent;
  }

  /**
   * Returns when all of it is sent; nothing is read from the blob afterwards, nor after an exception. The header leaves at
   * once: with the first bytes where they are there, else alone.
   */
  void send(HttpResponse header, BlobBody body, ByteRange range) throws IOException {
    waiting.add(header);
    if (!body.isThere() || range.length() == 0) {
      start(Outbound.NO_PROGRESS).await();
    }
    boolean encrypted = TlsPort.isOn(channel);
    for (long at = range.from(); at < range.end();) {
      long ready = body.hasFile() ? Math.min(awaitBeyond(body, at), range.end()) : 0;
      if (ready <= at) {
        sendPast(body, at, range.end());
        ready = range.end();
      } else if (encrypted) {
        sendPieces(body.file(), at, ready, ready == range.end());
      } else {
        sendSegment(body.file(), at, ready, ready == range.end());
      }
      at = ready;
    }
    if (range.length() == 0) {
      waiting.add(LastHttpContent.EMPTY_LAST_CONTENT);
      var _ = start(Outbound.NO_PROGRESS); // no byte: nothing to wait for
    }
  }

  /** Sends all of what is there, behind a header that is bytes already: on the event loop, and returns at once. */
  void sendAgain(ByteBuf header, BlobBody body, ByteRange range, Consumer<@Nullable Throwable> end) {
    begun = true;
    var segment = new FileSegment(body.file(), range.from(), range.length());
    out.pass(segment::transferred, failure -> {
      sent = segment.transferred();
      end.accept(failure);
    }, header, segment);
  }

  /** The answer's end goes with its last bytes: a write of its own would wake the event loop once more. */
  private void addEnd(boolean isLast) {
    if (isLast) {
      waiting.add(LastHttpContent.EMPTY_LAST_CONTENT);
    }
  }

  /** 0: the file will get no further for want of room. */
  private static long awaitBeyond(BlobBody body, long at) throws IOException {
    try {
      return body.awaitBeyond(at);
    } catch (IOException e) {
      if (NoRoom.isWhy(e)) {
        return 0;
      }
      throw e;
    }
  }

  private void sendPast(BlobBody body, long from, long end) throws IOException {
    Optional<Arriving> arriving = from == 0 && end == body.size() ? body.arriving() : Optional.empty();
    long at = arriving.isPresent() ? sendArriving(arriving.get(), end) : from;
    if (at < end) {
      sendPassing(body, at, end);
    }
  }

  /** Returns how far it came. */
  private long sendArriving(Arriving arriving, long size) throws ClientGone {
    Passage passage = new Passage(out, this::pendingBytes, waiting, size);
    try (arriving) {
      arriving.to(passage);
      passage.await();
      return passage.taken();
    } finally {
      sent = passage.sent();
      begun |= passage.taken() > 0;
    }
  }

  private void sendPassing(BlobBody body, long from, long end) throws IOException {
    try (BlobBody.Passing bytes = body.passing(from, end)
        .orElseThrow(() -> new NoRoom("there is no room for the rest of what is being sent"))) {
      Pieces pieces = new Pieces();
      long at = from;
      for (Optional<ByteBuffer> next = bytes.next(); next.isPresent(); next = next(bytes, pieces)) {
        int length = next.get().remaining();
        at += length;
        pieces.send(channel.alloc().directBuffer(length).writeBytes(next.get()), at == end);
      }
      pieces.await();
    }
  }

  /** If there is no more to be had, the client gets all the same what is under way, and that counts as sent. */
  private static Optional<ByteBuffer> next(BlobBody.Passing bytes, Pieces underWay) throws IOException {
    try {
      return bytes.next();
    } catch (IOException e) {
      try {
        underWay.await();
      } catch (ClientGone gone) {
        e.addSuppressed(gone);
      }
      throw e;
    }
  }

  /** What is under way at a time is what may be read: a slow client holds no memory. */
  private void sendSegment(FileChannel file, long from, long end, boolean isLast) throws IOException {
    var segment = new FileSegment(file, from, end - from);
    waiting.add(segment);
    addEnd(isLast);
    try {
      start(segment::transferred).await();
    } finally {
      sent += segment.transferred();
    }
  }

  private void sendPieces(FileChannel file, long from, long end, boolean isLast) throws IOException {
    FilePieces read = new FilePieces(file, channel.alloc());
    Pieces pieces = new Pieces();
    for (long at = from; at < end;) {
      ByteBuf piece = read.read(at, end);
      at += piece.readableBytes();
      pieces.send(piece, isLast && at == end);
    }
    pieces.await();
  }

  /** Two at a time, of which the client has taken one before a third is made. */
  private final class Pieces {
    private Outbound.@Nullable Write underWay;
    private int length;

    /** Takes the piece over. */
    void send(ByteBuf piece, boolean isLast) throws ClientGone {
      int count = piece.readableBytes();
      waiting.add(piece);
      addEnd(isLast);
      Outbound.Write write = start(BlobSender.this::pendingBytes);
      await();
      underWay = write;
      length = count;
    }

    /** Until the client has all that was sent. */
    void await() throws ClientGone {
      Outbound.Write last = underWay;
      if (last != null) {
        underWay = null;
        last.await();
        sent += length;
      }
    }
  }

  private Outbound.Write start(Outbound.Progress progress) {
    begun = true;
    Object[] parts = waiting.toArray();
    waiting.clear();
    return out.start(progress, parts);
  }

  /** Of what was encrypted, how much the socket has yet to take. */
  private long pendingBytes() {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    return outbound == null ? 0 : outbound.totalPendingWriteBytes();
  }
}
