package dev.weir.server.http;

import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

/** An answer's header as it went out, but for its date. */
final class RecentHead {
  private static final String DATE = HttpHeaderNames.DATE.toString();

  private final int status;
  /** Up to the date, which is the header's last field. */
  private final byte[] bytes;

  private RecentHead(int status, byte[] bytes) {
    this.status = status;
    this.bytes = bytes;
  }

  static RecentHead of(HttpResponseStatus status, HttpHeaders headers) {
    StringBuilder head = new StringBuilder(512).append("HTTP/1.1 ").append(status).append("\r\n");
    for (Map.Entry<String, String> field : headers) {
      if (!field.getKey().equalsIgnoreCase(DATE)) {
        head.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
      }
    }
    return new RecentHead(status.code(), head.toString().getBytes(ISO_8859_1));
  }

  int status() {
    return status;
  }

  /** In bytes, without its date. */
  int size() {
    return bytes.length;
  }

  /** For the wire, with room for {@code body} more bytes; the caller releases it. */
  ByteBuf toBytes(ByteBufAllocator allocator, String date, int body) {
    ByteBuf out = allocator.directBuffer(bytes.length + DATE.length() + date.length() + 6 + body);
    out.writeBytes(bytes);
    out.writeCharSequence(DATE + ": " + date + "\r\n\r\n", US_ASCII);
    return out;
  }
}
