package dev.weir.server.config;

import java.net.URI;
import java.util.Locale;

/** http and https addresses as the configuration takes them: with a host, without user, query and fragment. */
final class WebAddress {
  private WebAddress() {}

  /** @throws IllegalArgumentException if {@code text} is not such an address; trailing slashes are dropped */
  static URI parse(String text) {
    URI uri = URI.create(withoutTrailingSlashes(text));
    boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("not an http or https address");
    }
    return uri;
  }

  /** @throws IllegalArgumentException if there is more than scheme, host and port */
  static URI parseServer(String text) {
    URI uri = parse(text);
    if (!uri.getRawPath().isEmpty()) {
      throw new IllegalArgumentException("there is a path");
    }
    return uri;
  }

  /** Host and port, as a pull secret names them. */
  static String hostAndPort(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return uri.getPort() < 0 ? host : host + ":" + uri.getPort();
  }

  private static String withoutTrailingSlashes(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }
}
