package dev.weir.server.http;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.ByteRange;

/**
 * Writes one answer, and returns when the socket has taken it. Used by the request's thread alone, until that hands the
 * exchange back to the event loop.
 */
final class Response {
  /** IMF-fixdate (RFC 9110 §5.6.7). */
  private static final DateTimeFormatter DATE = DateTimeFormatter
      .ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final Channel channel;
  private final HttpRequest request;
  private final HttpLimits limits;
  /** Whether another request may follow on this connection; asked when the header is written. */
  private final BooleanSupplier mayContinue;
  private Headers always = Headers.NONE;
  private int status;
  private long bytes;
  private boolean complete;
  private boolean keepAlive;

  Response(Channel channel, HttpRequest request, HttpLimits limits, BooleanSupplier mayContinue) {
    this.channel = channel;
    this.request = request;
    this.limits = limits;
    this.mayContinue = mayContinue;
  }

  /** Adds to the header of whatever the answer will be. */
  void always(String name, String value) {
    always = always.and(name, value);
  }

  void respond(int code, Headers headers, byte[] content) throws ClientGone {
    boolean bodiless = isHead();
    var message = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code),
        bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(content));
    fill(message, headers.and("Content-Length", Integer.toString(content.length)));
    finish(message, bodiless ? 0 : content.length);
  }

  void respondWithoutBody(int code, Headers headers) throws ClientGone {
    var message = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code),
        Unpooled.EMPTY_BUFFER);
    fill(message, headers);
    finish(message, 0);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // should the header fail to go, so does what follows
  void send(int code, Headers headers, BlobBody body, ByteRange range) throws IOException {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code));
    fill(head, headers.and("Content-Length", Long.toString(range.length())));
    status = code;
    channel.writeAndFlush(head);
    if (!isHead()) {
      sendBytes(body, range);
    }
    await(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), () -> 0);
    complete = true;
  }

  /** What is under way at a time is what may be read: a slow client holds no memory, or two pieces of it. */
  private void sendBytes(BlobBody body, ByteRange range) throws IOException {
    boolean encrypted = TlsPort.isOn(channel);
    long sent = range.from();
    while (sent < range.end()) {
      long ready = Math.min(body.awaitBeyond(sent), range.end());
      if (encrypted) {
        sendPieces(body.file(), sent, ready);
      } else {
        sendSegment(body.file(), sent, ready);
      }
      sent = ready;
    }
  }

  private void sendSegment(FileChannel file, long from, long end) throws IOException {
    var segment = new FileSegment(file, from, end - from);
    try {
      await(channel.writeAndFlush(segment), segment::transferred);
    } finally {
      bytes += segment.transferred();
    }
  }

  /** What is encrypted passes through memory: a piece is read while the one before it is on its way. */
  private void sendPieces(FileChannel file, long from, long end) throws IOException {
    FilePieces pieces = new FilePieces(file, channel.alloc());
    ChannelFuture before = channel.newSucceededFuture();
    int lengthBefore = 0;
    for (long at = from; at < end;) {
      ByteBuf piece = pieces.read(at, end);
      int length = piece.readableBytes();
      ChannelFuture write = channel.writeAndFlush(piece);
      await(before, this::pendingBytes);
      bytes += lengthBefore;
      before = write;
      lengthBefore = length;
      at += length;
    }
    await(before, this::pendingBytes);
    bytes += lengthBefore;
  }

  /** Of what was encrypted, how much the socket has yet to take. */
  private long pendingBytes() {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    return outbound == null ? 0 : outbound.totalPendingWriteBytes();
  }

  private void finish(HttpResponse message, long length) throws ClientGone {
    status = message.status().code();
    await(channel.writeAndFlush(message), () -> 0);
    bytes = length;
    complete = true;
  }

  private void fill(HttpResponse message, Headers headers) {
    keepAlive = HttpUtil.isKeepAlive(request) && mayContinue.getAsBoolean();
    HttpHeaders target = message.headers();
    always.fields().forEach(field -> target.add(field.name(), field.value()));
    headers.fields().forEach(field -> target.add(field.name(), field.value()));
    target.set(HttpHeaderNames.DATE, DATE.format(Instant.now()));
    if (!keepAlive) {
      target.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (!request.protocolVersion().isKeepAliveDefault()) {
      target.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }

  /**
   * Returns when {@code write} is done. When nothing goes forward for the write time-out, it is the connection that ends,
   * before the caller can close what was being sent from.
   */
  private void await(ChannelFuture write, LongSupplier progress) throws ClientGone {
    long seen = progress.getAsLong();
    while (!write.awaitUninterruptibly(limits.writeTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
      long now = progress.getAsLong();
      if (now == seen) {
        channel.close().awaitUninterruptibly();
        throw new ClientGone("the client took nothing for " + limits.writeTimeout(), null);
      }
      seen = now;
    }
    if (!write.isSuccess()) {
      throw new ClientGone("the answer could not be written: " + write.cause(), write.cause());
    }
  }

  private boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  /** Whether a header has been sent, after which there is no other answer. */
  boolean hasBegun() {
    return status != 0;
  }

  /** Whether all of it has gone, and the client was told to expect no end of the connection. */
  boolean leavesConnectionUsable() {
    return complete && keepAlive;
  }

  boolean isComplete() {
    return complete;
  }

  int status() {
    return status;
  }

  long bytes() {
    return bytes;
  }
}
