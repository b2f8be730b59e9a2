package dev.weir.server.http;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import org.jspecify.annotations.Nullable;
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

  /** What was answered to the same request a moment ago. Empty: it has to be worked out. */
  Optional<Recent> recent(Channel channel, HttpRequest request) {
    return !channel.isWritable() || TlsPort.clientCertificate(channel).isPresent()
        ? Optional.empty()
        : recent.find(request);
  }

  /** Gives an answer again, on the event loop and without a thread. The caller flushes. */
  void repeat(Channel channel, HttpRequest request, RecentAnswer answer, String remote) {
    var _ = channel.pipeline().context(HttpResponseEncoder.class)
        .write(answer.toBytes(channel.alloc(), date.value()));
    answered.accept(answer.toAnswer(request, remote));
  }

  /**
   * Sends a blob again, on the event loop and without a thread; returns at once.
   *
   * @param finished told on the event loop when the exchange is over
   */
  @SuppressWarnings("CatchingUnchecked") // thrown on
  void repeat(Channel channel, Exchange exchange, RecentBlob.Sending blob, Runnable finished) {
    try {
      exchange.identify(blob.who());
      blob.again().begun();
      exchange.response().sendAgain(blob, channel.alloc(), failure -> end(exchange, blob, failure, finished));
    } catch (Throwable e) {
      var _ = channel.close();
      close(blob);
      throw e;
    }
  }

  private void end(Exchange exchange, RecentBlob.Sending blob, @Nullable Throwable failure, Runnable finished) {
    try {
      end(exchange, blob, failure);
    } catch (RuntimeException e) {
      LOG.error("request {}: the end of it failed", exchange.id(), e);
    } finally {
      finished.run();
    }
  }

  private void end(Exchange exchange, RecentBlob.Sending blob, @Nullable Throwable failure) {
    if (failure == null) {
      close(blob);
    } else {
      Thread.ofVirtual().name("request-" + exchange.id()).start(() -> fail(blob, failure));
    }
    exchange.body().discard();
    answered.accept(exchange.answer());
  }

  private static void fail(RecentBlob.Sending blob, Throwable failure) {
    try (blob) {
      blob.again().failed(failure instanceof IOException e ? e : new IOException(failure));
    } catch (IOException | RuntimeException e) {
      LOG.warn("a blob could not be sent again, nor looked after: {}", e.getMessage());
    }
  }

  private static void close(RecentBlob.Sending blob) {
    try {
      blob.close();
    } catch (IOException e) {
      LOG.debug("a blob that was sent again could not be closed: {}", e.getMessage());
    }
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
  private static boolean isToBeRemembered(Exchange exchange) {
    return exchange.clientCertificate().isEmpty();
  }

  /** What is encrypted passes through memory, which takes a thread. */
  private void keep(Exchange exchange, Response.Going blob, RecentAnswers.Moment begun) {
    if (!exchange.isEncrypted()) {
      recent.keep(exchange.request(), () -> blob.body().keepOpen().map(file -> new RecentBlob(blob.head().get(),
          blob.range(), file, blob.again(), exchange.who(), exchange.places())), begun, exchange.timer());
    }
  }

  private void remember(Exchange exchange, RecentAnswers.Moment begun) {
    if (isToBeRemembered(exchange)) {
      exchange.response().given(exchange.user())
          .ifPresent(answer -> recent.remember(exchange.request(), answer, begun));
    }
  }

  private void run(Exchange exchange, RequestHandler chosen) {
    try {
      RecentAnswers.Moment begun = recent.now();
      if (isToBeRemembered(exchange)) {
        exchange.response().show(blob -> keep(exchange, blob, begun));
      }
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
