package dev.weir.server.http;

import java.util.Optional;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import dev.weir.server.oci.RegistryException;

/** Lets so many requests at once go to work and no more ({@code http.limits.requests}); the rest may come back soon. */
public final class RequestLimit implements RequestHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLimit.class);

  private final RequestHandler handler;
  private final int most;
  private final Places places;
  private final SparseLog refused;

  private RequestLimit(int most, RequestHandler handler, LongSupplier nanoTime) {
    this.handler = handler;
    this.most = most;
    this.places = new Places(most, nanoTime);
    this.refused = new SparseLog(LOG, Level.WARN, nanoTime);
  }

  /** @param most 0 for no bound */
  public static RequestHandler of(int most, RequestHandler handler) {
    return of(most, handler, System::nanoTime);
  }

  static RequestHandler of(int most, RequestHandler handler, LongSupplier nanoTime) {
    return most == 0 ? handler : new RequestLimit(most, handler, nanoTime);
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Optional<Runnable> place = places.take();
    if (place.isEmpty()) {
      throw refuse(exchange);
    }
    exchange.limitedBy(places::take);
    try {
      handler.handle(exchange);
    } finally {
      place.get().run();
    }
  }

  private RegistryException refuse(Exchange exchange) {
    exchange.always("Docker-Distribution-API-Version", "registry/2.0");
    refused.say("a request of " + exchange.remote() + " is answered 429: " + most
        + " that began within a second are not over (http.limits.requests)");
    return RegistryException.tooManyRequests("weir has too many requests at once", Places.HELD);
  }
}
