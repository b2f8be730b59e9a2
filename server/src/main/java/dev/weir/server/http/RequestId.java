package dev.weir.server.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

import dev.weir.server.oci.Asker;

/** What a request is called in every log that it leaves a line in: as whoever passed it on calls it, or a new name. */
final class RequestId {
  private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private RequestId() {}

  static String of(HttpRequest request) {
    @Nullable
    String given = request.headers().get(Asker.REQUEST_ID);
    return given != null && USABLE.matcher(given).matches()
        ? given
        : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
