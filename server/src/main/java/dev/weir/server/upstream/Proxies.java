package dev.weir.server.upstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.weir.auth.Credentials;

/** Which proxy a request goes through, by the variables that every tool knows; read as Go programs read them. */
public final class Proxies {
  /** No proxy for anything. */
  public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), NoProxy.parse(""));

  record Server(String host, int port, Optional<Credentials> credentials) {}

  private final Optional<Server> forHttps;
  private final Optional<Server> forHttp;
  private final NoProxy exceptions;

  private Proxies(Optional<Server> forHttps, Optional<Server> forHttp, NoProxy exceptions) {
    this.forHttps = forHttps;
    this.forHttp = forHttp;
    this.exceptions = exceptions;
  }

  /** @throws IllegalArgumentException if a variable names a proxy that weir cannot use; the message shows no password */
  public static Proxies of(Map<String, String> environment) {
    return new Proxies(server(environment, "HTTPS_PROXY"), server(environment, "HTTP_PROXY"),
        NoProxy.parse(variable(environment, "NO_PROXY").orElse("")));
  }

  /** The proxy for a request to {@code target}; empty: none. Loopback is never behind one. */
  Optional<Server> of(URI target) {
    return of(Origin.of(target));
  }

  Optional<Server> of(Origin origin) {
    if (InternalAddresses.isLoopback(origin.host()) || exceptions.covers(origin)) {
      return Optional.empty();
    }
    return origin.isHttps() ? forHttps : forHttp;
  }

  private static Optional<Server> server(Map<String, String> environment, String name) {
    return variable(environment, name).map(text -> parse(name, text));
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank())
        .or(() -> Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT))))
        .map(String::strip).filter(value -> !value.isEmpty());
  }

  @SuppressWarnings("UnusedException") // its message would show the password
  private static Server parse(String name, String text) {
    try {
      URI address = new URI(text.contains("://") ? text : "http://" + text);
      if (!"http".equalsIgnoreCase(address.getScheme()) || address.getHost() == null) {
        throw new IllegalArgumentException(
            name + ": only proxies of the form http://[user:password@]host:port are supported");
      }
      int port = address.getPort() >= 0 ? address.getPort() : 80;
      return new Server(Origin.bare(address.getHost()), port, credentials(address));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          name + " is not an address; special characters in a password are written as %XX");
    }
  }

  private static Optional<Credentials> credentials(URI address) {
    return Optional.ofNullable(address.getRawUserInfo()).map(info -> {
      int colon = info.indexOf(':');
      return colon < 0
          ? new Credentials(decoded(info), "")
          : new Credentials(decoded(info.substring(0, colon)), decoded(info.substring(colon + 1)));
    });
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
