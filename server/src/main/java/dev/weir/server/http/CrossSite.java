package dev.weir.server.http;

import java.net.URI;
import java.util.Optional;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

/**
 * Refuses what a page of another site made somebody's browser send, with that person's credentials: everything but
 * reading. Browsers say where such a request comes from (Fetch standard, {@code Origin}; Fetch Metadata,
 * {@code Sec-Fetch-Site}); registry clients send neither. Pure.
 */
final class CrossSite {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private CrossSite() {}

  /** @throws RegistryException DENIED */
  static void refuse(Exchange exchange) throws RegistryException {
    if (exchange.method().equals("GET") || exchange.isHead()) {
      return;
    }
    Optional<String> origin = exchange.header("Origin");
    boolean saysSo = exchange.header("Sec-Fetch-Site").map(String::strip).filter("cross-site"::equals).isPresent();
    if (saysSo || (origin.isPresent() && !isOwn(origin.get(), exchange.header("Host").orElse("")))) {
      throw new RegistryException(ErrorCode.DENIED, exchange.method() + " " + exchange.path()
          + " is refused: a browser sends it for a page of another site, which may only read");
    }
  }

  /** Whether the origin is where the request went to. {@code null}, which sandboxed pages have, never is. */
  static boolean isOwn(String origin, String host) {
    try {
      URI from = URI.create(origin.strip());
      URI to = URI.create(from.getScheme() + "://" + host.strip());
      return from.getHost() != null && from.getHost().equalsIgnoreCase(to.getHost()) && port(from) == port(to);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int port(URI address) {
    return address.getPort() >= 0 ? address.getPort() : "https".equals(address.getScheme()) ? HTTPS : HTTP;
  }
}
