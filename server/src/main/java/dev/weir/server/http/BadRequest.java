package dev.weir.server.http;

import java.io.IOException;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** What was sent is no HTTP/1 that weir understands. */
final class BadRequest extends IOException {
  private final int status;

  BadRequest(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** @throws BadRequest if the decoder gave up on {@code request}, or it is of another HTTP */
  static void check(HttpRequest request) throws BadRequest {
    if (request.decoderResult().isFailure()) {
      throw undecodable(request.decoderResult().cause());
    }
    if (request.protocolVersion().majorVersion() != 1) {
      throw new BadRequest(505, "this server speaks HTTP/1.1, not " + request.protocolVersion());
    }
  }

  private static BadRequest undecodable(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException tooLong -> new BadRequest(414, "the request line is too long");
      case TooLongHttpHeaderException tooLong -> new BadRequest(431, "the request's header is too large");
      case TooLongFrameException tooLong -> new BadRequest(431, "the request's header is too large");
      default -> new BadRequest(400, "this is not an HTTP/1.1 request");
    };
  }
}
