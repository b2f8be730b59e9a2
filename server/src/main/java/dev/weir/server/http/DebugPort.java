package dev.weir.server.http;

import java.util.function.Supplier;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The port that distribution calls {@code http.debug}: metrics, and a health check at distribution's path. */
public final class DebugPort implements RequestHandler {
  private static final Headers METRICS = Headers.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  private static final Headers JSON = Headers.of("Content-Type", "application/json");

  private final String metricsPath;
  private final Supplier<String> metrics;

  /** @param metrics the whole page, in Prometheus' text format */
  public DebugPort(String metricsPath, Supplier<String> metrics) {
    this.metricsPath = metricsPath;
    this.metrics = metrics;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    if (!exchange.method().equals("GET") && !exchange.isHead()) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, "the debug port can only be read");
    }
    if (exchange.path().equals(metricsPath)) {
      exchange.respond(200, METRICS, metrics.get().getBytes(UTF_8));
    } else if (exchange.path().equals("/debug/health")) {
      exchange.respond(200, JSON, "{}".getBytes(UTF_8));
    } else {
      throw new RegistryException(ErrorCode.NAME_UNKNOWN, "the debug port has " + metricsPath + " and /debug/health");
    }
  }
}
