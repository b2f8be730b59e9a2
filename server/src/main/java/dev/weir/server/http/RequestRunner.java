package dev.weir.server.http;

import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a request's thread does, from the handler to the log. Whatever happens in it stays in it. */
final class RequestRunner {
  private static final Logger LOG = LoggerFactory.getLogger(RequestRunner.class);

  private final RequestHandler handler;
  private final Consumer<Answer> answered;
  private final ErrorResponse errors = new ErrorResponse();

  RequestRunner(RequestHandler handler, Consumer<Answer> answered) {
    this.handler = handler;
    this.answered = answered;
  }

  void run(Exchange exchange) {
    run(exchange, handler);
  }

  /** Answers what is no request. */
  void refuse(Exchange exchange, BadRequest reason) {
    run(exchange, refused -> {
      throw reason;
    });
  }

  private void run(Exchange exchange, RequestHandler chosen) {
    try {
      handle(exchange, chosen);
      exchange.body().discard();
      answered.accept(exchange.answer());
    } catch (RuntimeException e) {
      LOG.error("request {}: the end of it failed", exchange.id(), e);
    }
  }

  @SuppressWarnings("CatchingUnchecked") // one request's error, of any kind, is that request's alone
  private void handle(Exchange exchange, RequestHandler chosen) {
    try {
      chosen.handle(exchange);
      if (!exchange.response().hasBegun()) {
        throw new IllegalStateException("the handler gave no answer");
      }
    } catch (Throwable e) {
      errors.answer(exchange, e);
    }
  }
}
