package dev.weir.server.ui;

import java.io.IOException;
import java.util.Arrays;

import dev.weir.server.http.Exchange;
import dev.weir.server.http.Headers;
import dev.weir.storage.Digest;

/** One file of the page. Browsers ask again each time, and mostly hear that they have it. */
final class PageFile {
  private final Headers headers;
  private final Headers unkept;
  private final String tag;
  private final byte[] content;

  PageFile(String mediaType, byte[] content) {
    this.content = content.clone();
    this.tag = '"' + Digest.sha256(content).hex().substring(0, 32) + '"';
    this.unkept = Headers.of("Content-Type", mediaType).and("Cache-Control", "no-store");
    this.headers = Headers.of("ETag", tag).and("Cache-Control", "private, no-cache").and("Content-Type", mediaType);
  }

  void answer(Exchange exchange) throws IOException {
    if (isKnown(exchange.header("If-None-Match").orElse(""))) {
      exchange.respondWithoutBody(304, headers);
    } else {
      exchange.respond(200, headers, content);
    }
  }

  /** In place of something else, which the browser is to ask for again. */
  void answer(Exchange exchange, int status) throws IOException {
    exchange.respond(status, unkept, content);
  }

  private boolean isKnown(String ifNoneMatch) {
    return Arrays.stream(ifNoneMatch.split(",")).map(String::strip)
        .map(each -> each.startsWith("W/") ? each.substring(2) : each).anyMatch(tag::equals);
  }
}
