package dev.weir.server.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * The way out of a connection, for threads that wait until the socket has taken what they wrote. Each write costs one
 * task of the event loop and one wait, whatever it is made of.
 */
final class Outbound {
  /** For what is so short that it goes at once or not at all. */
  static final Progress NO_PROGRESS = () -> 0;

  private final Channel channel;
  private final Duration timeout;

  /** Another number whenever the socket has taken something; asked on the event loop. */
  @FunctionalInterface
  interface Progress {
    long bytes();
  }

  /** @param timeout how long the client may take nothing: then it is the connection that ends */
  Outbound(Channel channel, Duration timeout) {
    this.channel = channel;
    this.timeout = timeout;
  }

  /** Writes {@code parts}, one after the other, which are released in any case, and flushes once. Returns at once. */
  Write start(Progress progress, Object... parts) {
    Write write = new Write(channel, progress, parts);
    try {
      channel.eventLoop().execute(write::begin);
    } catch (RejectedExecutionException e) {
      write.drop(e);
    }
    return write;
  }

  /**
   * As {@link #start}, on the event loop itself, past whatever makes bytes of answers.
   *
   * @param end told there when the socket has taken all of it, with null, or why it never will
   */
  void pass(Progress progress, Consumer<@Nullable Throwable> end, Object... parts) {
    Write write = new Write(channel.pipeline().context(HttpResponseEncoder.class), progress, parts);
    write.then(end);
    write.begin();
  }

  /** On its way. Everything but {@link #await} happens on the event loop. */
  final class Write {
    private final ChannelOutboundInvoker way;
    private final Progress progress;
    private final Object[] parts;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long seen;
    private @Nullable Future<?> watch;

    private Write(ChannelOutboundInvoker way, Progress progress, Object[] parts) {
      this.way = way;
      this.progress = progress;
      this.parts = parts;
    }

    /** Returns when the socket has taken all of it. */
    void await() throws ClientGone {
      try {
        done.join();
      } catch (CompletionException e) {
        throw ClientGone.because(e.getCause());
      }
    }

    /** @param end as of {@link #pass} */
    void then(Consumer<@Nullable Throwable> end) {
      var _ = done.whenComplete((nothing, failure) -> end.accept(failure));
    }

    private void begin() {
      int last = parts.length - 1;
      for (int i = 0; i < last; i++) {
        var _ = way.write(parts[i]); // should it fail, so does what follows
      }
      ChannelFuture end = way.writeAndFlush(parts[last]);
      if (!end.isDone()) {
        seen = progress.bytes();
        lookLater();
      }
      end.addListener(_ -> end(end));
    }

    private void end(ChannelFuture end) {
      if (watch != null) {
        watch.cancel(false);
      }
      if (end.isSuccess()) {
        done.complete(null);
      } else {
        done.completeExceptionally(end.cause());
      }
    }

    private void lookLater() {
      watch = channel.eventLoop().schedule(this::look, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whoever waits learns of it when the connection is closed, and may then close what was being sent from. */
    private void look() {
      long now = progress.bytes();
      if (now != seen) {
        seen = now;
        lookLater();
      } else {
        var gone = new ClientGone("the client took nothing for " + timeout, null);
        channel.close().addListener(_ -> done.completeExceptionally(gone));
      }
    }

    private void drop(RejectedExecutionException cause) {
      for (Object part : parts) {
        ReferenceCountUtil.release(part);
      }
      done.completeExceptionally(cause);
    }
  }
}
