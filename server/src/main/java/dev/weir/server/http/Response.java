package dev.weir.server.http;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
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
import org.jspecify.annotations.Nullable;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.ByteRange;

/**
 * Writes one answer, and returns when the socket has taken it. Used by the request's thread alone, until that hands the
 * exchange back to the event loop.
 */
final class Response {
  private static final byte[] NOTHING = {};

  private final HttpRequest request;
  private final Outbound out;
  private final BlobSender blob;
  private final DateField date;
  /** Whether another request may follow on this connection; asked when the header is written. */
  private final BooleanSupplier mayContinue;
  private Headers always = Headers.NONE;
  private int status;
  private boolean complete;
  private boolean keepAlive;
  private @Nullable Repetition again;
  private Consumer<Going> going = blob -> {};
  private HttpHeaders sent = EmptyHttpHeaders.INSTANCE;
  private byte[] content = NOTHING;

  Response(Channel channel, HttpRequest request, HttpLimits limits, DateField date,
      BooleanSupplier mayContinue) {
    this.request = request;
    this.out = new Outbound(channel, limits.writeTimeout());
    this.blob = new BlobSender(channel, out);
    this.date = date;
    this.mayContinue = mayContinue;
  }

  /** Adds to the header of whatever the answer will be. */
  void always(String name, String value) {
    always = always.and(name, value);
  }

  /**
   * Says that the answer depends on nothing but the request and what may be read here now; see {@link RecentAnswers}.
   *
   * @param told whenever it is given again
   */
  void allowRepeating(Repetition told) {
    again = told;
  }

  /** A blob that is about to go, and may go again. */
  record Going(Supplier<RecentHead> head, BlobBody body, ByteRange range, Repetition again) {}

  /** @param taker is shown such a blob before its first byte leaves; must not wait */
  void show(Consumer<Going> taker) {
    going = taker;
  }

  /** What was sent, if it may be sent again. */
  Optional<RecentAnswer> given(String user) {
    return again != null && complete && keepAlive && status < 400 && !sent.isEmpty()
        ? Optional.of(new RecentAnswer(RecentHead.of(HttpResponseStatus.valueOf(status), sent), user, again, content))
        : Optional.empty();
  }

  void respond(int code, Headers headers, byte[] body) throws ClientGone {
    boolean bodiless = isHead();
    var message = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code),
        bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    fill(message, headers.and("Content-Length", Integer.toString(body.length)));
    finish(message, bodiless ? NOTHING : body);
  }

  void respondWithoutBody(int code, Headers headers) throws ClientGone {
    var message = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code),
        Unpooled.EMPTY_BUFFER);
    fill(message, headers);
    finish(message, NOTHING);
  }

  void send(int code, Headers headers, BlobBody body, ByteRange range) throws IOException {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code));
    fill(head, headers.and("Content-Length", Long.toString(range.length())));
    status = code;
    if (isHead()) {
      out.start(Outbound.NO_PROGRESS, head, LastHttpContent.EMPTY_LAST_CONTENT).await();
    } else {
      if (again != null && keepAlive && body.isThere() && range.length() > 0) {
        going.accept(new Going(() -> RecentHead.of(head.status(), head.headers()), body, range, again));
      }
      sendBlob(head, body, range);
    }
    complete = true;
  }

  /** Sends what another was sent a moment ago: on the event loop, and returns at once. */
  void sendAgain(RecentBlob.Sending recent, ByteBufAllocator allocator, Consumer<@Nullable Throwable> end) {
    status = recent.status();
    keepAlive = true;
    blob.sendAgain(recent.header(allocator, date.value()), recent.body(), recent.range(), failure -> {
      complete = failure == null;
      end.accept(failure);
    });
  }

  private void sendBlob(HttpResponse head, BlobBody body, ByteRange range) throws IOException {
    try {
      blob.send(head, body, range);
    } catch (IOException e) {
      if (!blob.hasBegun()) {
        status = 0; // nothing has gone yet: there may be another answer
      }
      throw e;
    }
  }

  private void finish(HttpResponse message, byte[] body) throws ClientGone {
    status = message.status().code();
    out.start(Outbound.NO_PROGRESS, message).await();
    sent = message.headers();
    content = body;
    complete = true;
  }

  private void fill(HttpResponse message, Headers headers) {
    keepAlive = HttpUtil.isKeepAlive(request) && mayContinue.getAsBoolean();
    HttpHeaders target = message.headers();
    always.fields().forEach(field -> target.add(field.name(), field.value()));
    headers.fields().forEach(field -> target.add(field.name(), field.value()));
    target.set(HttpHeaderNames.DATE, date.value());
    if (!keepAlive) {
      target.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (!request.protocolVersion().isKeepAliveDefault()) {
      target.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
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
    return content.length + blob.sent();
  }
}
