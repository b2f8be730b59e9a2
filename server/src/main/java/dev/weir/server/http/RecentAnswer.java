package dev.weir.server.http;

import java.time.Duration;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

/** An answer as it went out, but for its date. */
final class RecentAnswer {
  private static final String DATE = HttpHeaderNames.DATE.toString();

  private final int status;
  private final String user;
  private final Runnable again;
  /** Up to the date, which is the header's last field. */
  private final byte[] head;
  private final byte[] body;

  private RecentAnswer(int status, String user, Runnable again, byte[] head, byte[] body) {
    this.status = status;
    this.user = user;
    this.again = again;
    this.head = head;
    this.body = body;
  }

  /**
   * What was sent.
   *
   * @param user as {@link Answer#user()}
   * @param again told whenever it is given again
   * @param body empty for an answer to a HEAD
   */
  static RecentAnswer of(HttpResponseStatus status, String user, Runnable again, HttpHeaders headers, byte[] body) {
    StringBuilder head = new StringBuilder(512).append("HTTP/1.1 ").append(status).append("\r\n");
    for (Map.Entry<String, String> field : headers) {
      if (!field.getKey().equalsIgnoreCase(DATE)) {
        head.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
      }
    }
    return new RecentAnswer(status.code(), user, again, head.toString().getBytes(ISO_8859_1), body);
  }

  /** For whoever counts and logs. */
  Answer toAnswer(HttpRequest request, String remote) {
    again.run();
    String uri = request.uri();
    int mark = uri.indexOf('?');
    return new Answer(request.method().name(), mark < 0 ? uri : uri.substring(0, mark), status, body.length,
        Duration.ZERO, user, RequestId.of(request), remote);
  }

  /** In bytes. */
  int size() {
    return head.length + body.length;
  }

  /** The whole answer for the wire; the caller releases it. */
  ByteBuf toBytes(ByteBufAllocator allocator, String date) {
    ByteBuf bytes = allocator.directBuffer(head.length + DATE.length() + date.length() + 6 + body.length);
    bytes.writeBytes(head);
    bytes.writeCharSequence(DATE + ": " + date + "\r\n\r\n", US_ASCII);
    return bytes.writeBytes(body);
  }
}
