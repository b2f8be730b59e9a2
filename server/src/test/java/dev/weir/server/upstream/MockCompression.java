package dev.weir.server.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Compresses as registry.access.redhat.com does: whenever the client does not say that it wants none. */
final class MockCompression {
  private MockCompression() {}

  static MockAnswer asAsked(MockRequest request, MockAnswer answer) {
    return request.headers("Accept-Encoding").toString().contains("gzip") ? compressed(answer) : answer;
  }

  static MockAnswer compressed(MockAnswer answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer.from(0, out.toByteArray()).with("Content-Encoding", "gzip");
  }
}
