package dev.weir.server.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

import dev.weir.server.oci.Asker;

/**
 * Asks a source on a thread of its own, so that whoever waits can turn to another while it is silent. An answer that
 * comes after that is closed.
 */
final class Opening {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Source source;
  private final Span span;
  private final CompletableFuture<Source.Bytes> answer = new CompletableFuture<>();

  private Opening(Source source, Span span) {
    this.source = source;
    this.span = span;
  }

  /**
   * As {@link Source#open}.
   *
   * @param silence after which the source is left, once {@code another} is there
   */
  static Source.Bytes of(Source source, Span span, Duration silence, BooleanSupplier another) throws IOException {
    Opening opening = new Opening(source, span);
    Thread.ofVirtual().name("open " + source.name()).start(Asker.current().bound(opening::run));
    return opening.await(silence, another);
  }

  @SuppressWarnings("CatchingUnchecked") // told to whoever waits
  private void run() {
    try {
      Source.Bytes bytes = span.to() == Long.MAX_VALUE ? source.open(span.from()) : source.open(span.from(), span.to());
      if (!answer.complete(bytes)) {
        bytes.close();
      }
    } catch (Throwable e) {
      answer.completeExceptionally(e);
    }
  }

  private Source.Bytes await(Duration silence, BooleanSupplier another) throws IOException {
    Duration patience = silence;
    while (true) {
      try {
        return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        patience = LOOK_AGAIN;
        leave(silence, another);
      } catch (InterruptedException e) {
        throw new IOException("stopped while waiting for " + source.name(), e);
      } catch (ExecutionException e) {
        throw failure(e.getCause() == null ? e : e.getCause());
      }
    }
  }

  private void leave(Duration silence, BooleanSupplier another) {
    if (another.getAsBoolean()) {
      answer.completeExceptionally(
          new IOException(source.name() + " did not answer within " + silence.toMillis() + " ms; another is asked"));
    }
  }

  private static IOException failure(Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> new IOException(cause);
    };
  }
}
