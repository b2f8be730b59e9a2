package dev.weir.server.admin;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.weir.server.http.Exchange;
import dev.weir.server.http.Headers;
import dev.weir.server.http.RequestHandler;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

import static java.nio.charset.StandardCharsets.UTF_8;

/** {@code /weir/v1}. Whoever comes here may: that is decided before, by the gate or by the mode of the socket. */
public final class AdminApi implements RequestHandler {
  private static final Headers JSON = Headers.of("Content-Type", "application/json");
  private static final String JOBS = "/weir/v1/jobs/";
  private static final int LONGEST_BODY = 8 << 20; // a list of images of a whole catalog

  private final Map<String, Endpoint> endpoints;
  private final Jobs jobs;

  /** Answers one kind of request. */
  @FunctionalInterface
  public interface Endpoint {
    /**
     * What the answer says, as a record; a {@link Jobs.View} is 202.
     *
     * @param body what was sent along; missing: nothing
     */
    Object answer(JsonNode body) throws IOException;
  }

  /** @param endpoints by method and path, as in {@code GET /weir/v1/status} */
  public AdminApi(Map<String, Endpoint> endpoints, Jobs jobs) {
    this.endpoints = Map.copyOf(endpoints);
    this.jobs = jobs;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Object answer = answer(exchange);
    exchange.respond(answer instanceof Jobs.View ? 202 : 200, JSON, Json.text(answer).getBytes(UTF_8));
  }

  private Object answer(Exchange exchange) throws IOException {
    String method = exchange.isHead() ? "GET" : exchange.method();
    if (method.equals("GET") && exchange.path().startsWith(JOBS)) {
      Optional<Jobs.View> job = jobs.find(exchange.path().substring(JOBS.length()));
      return job.orElseThrow(
          () -> new RegistryException(ErrorCode.NAME_UNKNOWN, "no job of that name is remembered: " + exchange.path()));
    }
    Endpoint endpoint = endpoints.get(method + " " + exchange.path());
    if (endpoint == null) {
      throw new RegistryException(ErrorCode.NAME_UNKNOWN,
          "this version of weir has no " + exchange.method() + " " + exchange.path());
    }
    return endpoint.answer(method.equals("GET") ? MissingNode.getInstance() : body(exchange));
  }

  /** A browser that somebody else's page sends here cannot send this type without asking first. */
  private static JsonNode body(Exchange exchange) throws IOException {
    if (!exchange.header("Content-Type").orElse("").startsWith("application/json")) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, exchange.path() + " takes application/json");
    }
    byte[] body = exchange.body().readAll(LONGEST_BODY)
        .orElseThrow(() -> new RegistryException(ErrorCode.SIZE_INVALID, "more than " + LONGEST_BODY + " bytes"));
    try {
      return body.length == 0 ? MissingNode.getInstance() : Json.tree(body);
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, "not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
