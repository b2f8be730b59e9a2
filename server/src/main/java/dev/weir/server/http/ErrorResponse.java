package dev.weir.server.http;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.NoRoom;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.StoreUnavailableException;

/** The one place that turns what went wrong into an answer (OCI distribution-spec, "Error Codes"). */
final class ErrorResponse {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorResponse.class);
  private static final String FULL = "no space left on the registry's disk: what it holds is owned or in use, and nothing more could be removed to make room; its operator can delete images, or raise cache.maxsize";
  private static final Headers JSON = Headers.of("Content-Type", "application/json");

  /** Answers as well as it can be done; after an answer has begun, all that is left is to cut it, and say so in the log. */
  void answer(Exchange exchange, Throwable reason) {
    try {
      if (reason instanceof ClientGone) {
        LOG.debug("request {}: {}", exchange.id(), reason.getMessage());
      } else if (exchange.response().hasBegun()) {
        cut(exchange, reason);
      } else {
        say(exchange, reason);
      }
    } catch (IOException e) {
      LOG.debug("request {}: nobody took the error: {}", exchange.id(), e.getMessage());
    }
  }

  /** Answers a registry's error, with more in the header than every such error has. */
  void answer(Exchange exchange, RegistryException error, Headers more) throws IOException {
    Headers headers = more
        .and(error.retryAfter().map(wait -> Headers.of("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))))
            .orElse(Headers.NONE));
    if (error.status() == ErrorCode.TOOMANYREQUESTS.status()) {
      exchange.respond(error.status(), headers);
    } else {
      exchange.respond(error.status(), JSON.and(headers), body(exchange, error.code(), error.sentence()));
    }
  }

  private void say(Exchange exchange, Throwable reason) throws IOException {
    switch (reason) {
      case RegistryException error -> answer(exchange, error, Headers.NONE);
      case BadRequest error -> exchange.respond(error.status(), JSON,
          body(exchange, ErrorCode.UNSUPPORTED, String.valueOf(error.getMessage())));
      case IOException error when NoRoom.isWhy(error) -> {
        LOG.warn("{}: {}", named(exchange), error.getMessage());
        answer(exchange, RegistryException.insufficientStorage(FULL, error), Headers.NONE);
      }
      case Throwable other when unavailable(other).isPresent() -> unavailable(exchange, unavailable(other).get());
      default -> {
        LOG.error("{} failed", named(exchange), reason);
        exchange.respond(ErrorCode.UNKNOWN.status(), JSON, body(exchange, ErrorCode.UNKNOWN,
            what(reason) + "; its log tells more at request " + exchange.id()));
      }
    }
  }

  /** The store's trouble, which may have come by way of a stream, a download or a shared fetch. */
  private static Optional<StoreUnavailableException> unavailable(Throwable reason) {
    return Stream.iterate(reason, Objects::nonNull, Throwable::getCause)
        .filter(StoreUnavailableException.class::isInstance).map(StoreUnavailableException.class::cast).findFirst();
  }

  private void unavailable(Exchange exchange, StoreUnavailableException trouble) throws IOException {
    LOG.error("{} failed: {}", named(exchange), trouble.getMessage());
    exchange.respond(ErrorCode.UNAVAILABLE.status(), JSON.and("Retry-After", "5"),
        body(exchange, ErrorCode.UNAVAILABLE,
            "the store that this registry keeps its data in does not answer as it should; try again later, or ask its operator"
                + " to look at the log for request " + exchange.id()));
  }

  /** No more than a client may know: neither paths nor users of the server. */
  private static String what(Throwable reason) {
    for (Throwable each = reason; each != null; each = each.getCause()) {
      if (each instanceof AccessDeniedException) {
        return "the server may not read or write a part of its own storage, which is for its operator to put right";
      }
    }
    return "something went wrong in the server";
  }

  private static void cut(Exchange exchange, Throwable reason) {
    if (reason instanceof IOException) {
      LOG.warn("{} is cut after {} bytes: {}", named(exchange), exchange.response().bytes(), reason.getMessage());
    } else {
      LOG.error("{} is cut after {} bytes", named(exchange), exchange.response().bytes(), reason);
    }
  }

  private static String named(Exchange exchange) {
    Answer soFar = exchange.answer();
    return "request " + exchange.id() + ": " + AccessLog.printable(soFar.method()) + " "
        + AccessLog.printable(soFar.path());
  }

  private byte[] body(Exchange exchange, ErrorCode code, String message) throws IOException {
    ObjectNode root = JsonText.object();
    ObjectNode error = root.putArray("errors").addObject();
    error.put("code", code.name()).put("message", message);
    error.putObject("detail").put("request", exchange.id());
    return JsonText.of(root);
  }
}
