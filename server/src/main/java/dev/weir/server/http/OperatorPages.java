package dev.weir.server.http;

import java.util.function.Supplier;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What the main port shows to those who administer weir. */
public final class OperatorPages implements RequestHandler {
  private static final Headers METRICS = Headers.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8");

  private final Gate gate;
  private final Supplier<String> metrics;
  private final RequestHandler administration;

  /** Metrics alone. */
  public OperatorPages(Gate gate, Supplier<String> metrics) {
    this(gate, metrics, exchange -> {
      throw new RegistryException(ErrorCode.NAME_UNKNOWN, "this version of weir has nothing at " + exchange.path());
    });
  }

  /**
   * What operators are shown.
   *
   * @param metrics the whole page, in Prometheus' text format
   * @param administration all the rest; asked only by those who may
   */
  public OperatorPages(Gate gate, Supplier<String> metrics, RequestHandler administration) {
    this.gate = gate;
    this.metrics = metrics;
    this.administration = administration;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    gate.requireAdministration(exchange);
    if (!exchange.path().equals("/metrics")) {
      administration.handle(exchange);
      return;
    }
    FrontDoor.onlyReading(exchange);
    exchange.respond(200, METRICS, metrics.get().getBytes(UTF_8));
  }
}
