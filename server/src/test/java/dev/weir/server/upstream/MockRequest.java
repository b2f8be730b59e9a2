package dev.weir.server.upstream;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A request as a mock server read it.
 *
 * @param target exactly as it stood in the request line
 * @param headers in the order and spelling they came in
 */
public record MockRequest(String method, String target, List<MockHeader> headers) {
  /** Of a request or an answer. */
  public record MockHeader(String name, String value) {}

  /** Without the query. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** Empty if there is none. */
  public String query() {
    int query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  public Optional<String> header(String name) {
    return headers(name).stream().findFirst();
  }

  public List<String> headers(String name) {
    return headers.stream().filter(it -> it.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .map(MockHeader::value).toList();
  }

  /** For lists of what was asked: {@code GET /v2/…}, with the range where there is one. */
  @Override
  public String toString() {
    return method + " " + target + header("Range").map(range -> " [" + range + "]").orElse("");
  }
}
