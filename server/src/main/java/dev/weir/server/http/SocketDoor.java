package dev.weir.server.http;

/** weir's own socket: administration, the registry for those who administer it, and how weir is for whoever watches over its process. */
public final class SocketDoor implements RequestHandler {
  private static final String REGISTRY = "/v2/";

  private final RequestHandler registry;
  private final RequestHandler administration;
  private final ReadinessCheck readiness;

  /** @param administration all but the registry and {@code /readyz} */
  public SocketDoor(RequestHandler registry, RequestHandler administration, ReadinessCheck readiness) {
    this.registry = registry;
    this.administration = administration;
    this.readiness = readiness;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    if (exchange.path().equals("/readyz")) {
      FrontDoor.ready(exchange, readiness);
    } else if (exchange.path().startsWith(REGISTRY)) {
      registry.handle(exchange);
    } else {
      administration.handle(exchange);
    }
  }
}
