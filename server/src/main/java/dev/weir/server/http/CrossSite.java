package dev.weir.server.http;

import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import java.util.function.Predicate;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

/**
 * Refuses what a page of another site made somebody's browser send, with that person's credentials: everything but
 * reading. Browsers say where such a request comes from (Fetch standard, {@code Origin}; Fetch Metadata,
 * {@code Sec-Fetch-Site}); registry clients send neither. Another site can also have its own name lead to weir, so that the
 * browser takes the two for one: what a browser writes has to go to a name that is weir's for sure. Pure.
 */
final class CrossSite {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private CrossSite() {}

  /**
   * Lets through what is no other site's.
   *
   * @param ownNames what weir is called, with or without a port
   * @throws RegistryException DENIED
   */
  static void refuse(Exchange exchange, Predicate<String> ownNames) throws RegistryException {
    if (exchange.method().equals("GET") || exchange.isHead()) {
      return;
    }
    Optional<String> origin = exchange.header("Origin");
    Optional<String> site = exchange.header("Sec-Fetch-Site").map(String::strip);
    String host = exchange.header("Host").orElse("");
    if (site.filter("cross-site"::equals).isPresent()
        || (origin.isPresent() && !isOwn(origin.get(), host, exchange.isEncrypted()))) {
      throw refused(exchange, "for a page of another site, which may only read");
    }
    if ((origin.isPresent() || site.isPresent()) && !isAddress(host) && !ownNames.test(host)) {
      throw refused(exchange, "to " + host + ", which weir does not know for a name of its own;"
          + " it knows http.host and the names in its certificate");
    }
  }

  private static RegistryException refused(Exchange exchange, String why) {
    return new RegistryException(ErrorCode.DENIED,
        exchange.method() + " " + exchange.path() + " is refused: a browser sends it " + why);
  }

  /** No name server has a say in where these lead. */
  private static boolean isAddress(String host) {
    try {
      String name = URI.create("http://" + host.strip()).getHost();
      if (name == null || name.equalsIgnoreCase("localhost")) {
        return name != null;
      }
      return !InetAddress.ofLiteral(name.replaceAll("[\\[\\]]", "")).getHostAddress().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether the origin is where the request went to. {@code null}, which sandboxed pages have, never is. */
  private static boolean isOwn(String origin, String host, boolean encrypted) {
    try {
      URI from = URI.create(origin.strip());
      if (encrypted && !"https".equalsIgnoreCase(from.getScheme())) {
        return false; // who can put a page there need not be who has the certificate
      }
      URI to = URI.create(from.getScheme() + "://" + host.strip());
      return from.getHost() != null && from.getHost().equalsIgnoreCase(to.getHost()) && port(from) == port(to);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int port(URI address) {
    return address.getPort() >= 0 ? address.getPort() : "https".equalsIgnoreCase(address.getScheme()) ? HTTPS : HTTP;
  }
}
