package dev.weir.server.ocreplay;

import java.io.IOException;
import java.net.http.HttpResponse;

/** An answer with which oc would have given up. */
public final class OcError extends IOException {
  private static final long serialVersionUID = 1;

  OcError(HttpResponse<?> answer, String problem) {
    super("%s %s: %d, %s; headers %s".formatted(answer.request().method(), answer.request().uri(), answer.statusCode(),
        problem, answer.headers().map()));
  }
}
