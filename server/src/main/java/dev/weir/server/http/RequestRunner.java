package dev.weir.server.http;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a request's thread does, from the handler to the log. Whatever happens in it stays in it. */
final class RequestRunner {
  private static final Logger LOG = LoggerFactory.getLogger(RequestRunner.class);

  private final RequestHandler handler;
  private final Consumer<Answer> answered;
  private final RecentAnswers recent;
  private final DateField date = new DateField(InstantSource.system());
  private final ErrorResponse errors = new ErrorResponse();

  RequestRunner(RequestHandler handler, RecentAnswers recent, Consumer<Answer> answered) {
    this.handler = handler;
    this.recent = recent;
    this.answered = answered;
  }

  DateField date() {
    return date;
  }

  /**
   * Answers on the event loop, and without a thread, what was answered to the same request a moment ago. The caller
   * flushes. False: it has to be worked out.
   */
  boolean repeat(Channel channel, HttpRequest request, String remote) {
    if (!channel.isWritable() || TlsPort.clientCertificate(channel).isPresent()) {
      return false;
    }
    Optional<RecentAnswer> found = recent.find(request);
    if (found.isPresent()) {
      var _ = channel.pipeline().context(HttpResponseEncoder.class)
          .write(found.get().toBytes(channel.alloc(), date.value()));
      answered.accept(found.get().toAnswer(request, remote));
    }
    return found.isPresent();
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

  /** Never what somebody with a certificate got: who that was does not stand in the request. */
  private void remember(Exchange exchange, RecentAnswers.Moment begun) {
    if (exchange.clientCertificate().isEmpty()) {
      exchange.response().given(exchange.user())
          .ifPresent(answer -> recent.remember(exchange.request(), answer, begun));
    }
  }

  private void run(Exchange exchange, RequestHandler chosen) {
    try {
      RecentAnswers.Moment begun = recent.now();
      handle(exchange, chosen);
      remember(exchange, begun);
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
