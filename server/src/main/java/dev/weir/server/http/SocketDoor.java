package dev.weir.server.http;

/** weir's own socket: administration, and how weir is for those who watch over its process. */
public final class SocketDoor implements RequestHandler {
  private final RequestHandler administration;
  private final ReadinessCheck readiness;

  /** @param administration all but {@code /readyz} */
  public SocketDoor(RequestHandler administration, ReadinessCheck readiness) {
    this.administration = administration;
    this.readiness = readiness;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    if (exchange.path().equals("/readyz")) {
      FrontDoor.ready(exchange, readiness);
    } else {
      administration.handle(exchange);
    }
  }
}
