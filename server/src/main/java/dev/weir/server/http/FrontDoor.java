package dev.weir.server.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import dev.weir.auth.Who;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.tls.ClientName;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The main port: what anybody may ask without credentials, and the registry for all the rest. */
public final class FrontDoor implements RequestHandler {
  private static final Headers TEXT = Headers.of("Content-Type", "text/plain; charset=utf-8");

  private static final String ADMINISTRATION = "/weir/v1";

  private static final String PAGE = "/ui";
  private static final String SHARING = "Access-Control-";

  private final RequestHandler registry;
  private final RequestHandler operators;
  private final RequestHandler page;
  private final Predicate<String> ownNames;
  /** Why it is not is the operator's business: it names the store. */
  private static final String NOT_READY = "not ready: the store cannot be read; weir's log says why";

  private final ReadinessCheck readiness;
  private final Map<String, List<String>> headers;

  /** Without a page for people. */
  public FrontDoor(RequestHandler registry, RequestHandler operators, ReadinessCheck readiness,
      Map<String, List<String>> headers) {
    this(registry, operators, exchange -> {
      throw new RegistryException(ErrorCode.NAME_UNKNOWN, "this weir has no page at " + exchange.path());
    }, host -> false, readiness, headers);
  }

  /**
   * The main port's handler.
   *
   * @param operators for those who administer weir
   * @param page for people with a browser
   * @param ownNames what weir is called, with or without a port
   * @param headers added to every answer ({@code http.headers}); those that open a door to other sites' pages not to the page
   */
  public FrontDoor(RequestHandler registry, RequestHandler operators, RequestHandler page, Predicate<String> ownNames,
      ReadinessCheck readiness, Map<String, List<String>> headers) {
    this.registry = registry;
    this.operators = operators;
    this.page = page;
    this.ownNames = ownNames;
    this.readiness = readiness;
    this.headers = Map.copyOf(headers);
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    addHeaders(exchange);
    CrossSite.refuse(exchange, ownNames);
    exchange.clientCertificate().map(ClientName::of).map(Who.User::new).ifPresent(exchange::identify);
    switch (exchange.path()) {
      case "/" -> root(exchange);
      case "/healthz" -> {
        onlyReading(exchange);
        exchange.respond(200, TEXT, "ok\n".getBytes(UTF_8));
      }
      case "/readyz" -> ready(exchange, () -> readiness.trouble().map(why -> NOT_READY));
      case "/metrics" -> operators.handle(exchange);
      default -> handlerOf(exchange.path()).handle(exchange);
    }
  }

  private void addHeaders(Exchange exchange) {
    boolean isPage = isPage(exchange.path());
    headers.forEach((name, values) -> {
      if (!isPage || !name.regionMatches(true, 0, SHARING, 0, SHARING.length())) {
        values.forEach(value -> exchange.always(name, value));
      }
    });
  }

  /** An upstream may be called as the page is: its {@code /ui/v2/} stays the registry's. */
  private RequestHandler handlerOf(String path) {
    return isPage(path) ? page : isAdministration(path) ? operators : registry;
  }

  private static boolean isPage(String path) {
    return path.equals(PAGE) || (path.startsWith(PAGE + "/") && !path.startsWith(PAGE + "/v2/"));
  }

  /** People are shown to the page; programs want to hear that somebody is there. */
  private static void root(Exchange exchange) throws IOException, RegistryException {
    onlyReading(exchange);
    Headers either = Headers.of("Vary", "Accept");
    if (exchange.header("Accept").orElse("").contains("text/html")) {
      exchange.respond(302, either.and("Location", PAGE + "/"));
    } else {
      exchange.respond(200, either);
    }
  }

  /** Whatever is or will be there is nobody's business but the administrators'. */
  private static boolean isAdministration(String path) {
    return path.equals(ADMINISTRATION) || path.startsWith(ADMINISTRATION + "/");
  }

  static void ready(Exchange exchange, ReadinessCheck readiness) throws IOException {
    onlyReading(exchange);
    Optional<String> trouble = readiness.trouble();
    exchange.respond(trouble.isEmpty() ? 200 : 503, TEXT, (trouble.orElse("ready") + "\n").getBytes(UTF_8));
  }

  static void onlyReading(Exchange exchange) throws RegistryException {
    if (!exchange.method().equals("GET") && !exchange.isHead()) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, exchange.path() + " can only be read");
    }
  }
}
