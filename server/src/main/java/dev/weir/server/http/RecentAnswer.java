package dev.weir.server.http;

import java.time.Duration;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpRequest;

/** An answer as it went out, but for its date. */
final class RecentAnswer implements Recent {
  private final RecentHead head;
  private final String user;
  private final Repetition again;
  private final byte[] body;

  /**
   * What was sent.
   *
   * @param user as {@link Answer#user()}
   * @param again told whenever it is given again
   * @param body empty for an answer to a HEAD
   */
  RecentAnswer(RecentHead head, String user, Repetition again, byte[] body) {
    this.head = head;
    this.user = user;
    this.again = again;
    this.body = body;
  }

  /** For whoever counts and logs. */
  Answer toAnswer(HttpRequest request, String remote) {
    again.begun();
    String uri = request.uri();
    int mark = uri.indexOf('?');
    return new Answer(request.method().name(), mark < 0 ? uri : uri.substring(0, mark), head.status(), body.length,
        Duration.ZERO, user, RequestId.of(request), remote);
  }

  @Override
  public int size() {
    return head.size() + body.length;
  }

  /** The whole answer for the wire; the caller releases it. */
  ByteBuf toBytes(ByteBufAllocator allocator, String date) {
    return head.toBytes(allocator, date, body.length).writeBytes(body);
  }
}
