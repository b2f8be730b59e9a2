package dev.weir.server.upstream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.weir.server.upstream.MockRequest.MockHeader;

/**
 * What a mock server answers.
 *
 * @param offset of the body's first byte in whatever it is a part of
 * @param hasLength whether a Content-Length goes with it; else the body ends with the connection
 */
@SuppressWarnings("ArrayRecordComponent")
public record MockAnswer(int status, List<MockHeader> headers, byte[] body, long offset, boolean hasLength) {
  public static MockAnswer of(int status, byte[] body) {
    return new MockAnswer(status, List.of(), body, 0, true);
  }

  public static MockAnswer text(int status, String type, String body) {
    return of(status, body.getBytes(StandardCharsets.UTF_8)).with("Content-Type", type);
  }

  public static MockAnswer json(int status, String body) {
    return text(status, "application/json", body);
  }

  public static MockAnswer html(int status) {
    return text(status, "text/html", "<html><body><h1>" + status + "</h1></body></html>");
  }

  public static MockAnswer redirect(int status, String location) {
    return html(status).with("Location", location);
  }

  public MockAnswer with(String name, String value) {
    List<MockHeader> more = new ArrayList<>(headers);
    more.add(new MockHeader(name, value));
    return new MockAnswer(status, List.copyOf(more), body, offset, hasLength);
  }

  public MockAnswer from(long newOffset, byte[] part) {
    return new MockAnswer(status, headers, part, newOffset, hasLength);
  }

  public MockAnswer withoutLength() {
    return new MockAnswer(status, headers, body, offset, false);
  }
}
