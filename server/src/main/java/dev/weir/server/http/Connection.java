package dev.weir.server.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: its requests in order, one at a time, each on a virtual thread. The socket is read only when
 * there is no request at work, or when that one wants more of its body; what one read brought beyond the request waits
 * here.
 *
 * <p>Everything in it happens on the channel's event loop.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  /** Pieces of later requests that one read may bring. No client that means well comes near. */
  private static final int MOST_WAITING = 4096;
  /** How long a client whose body nobody wants may go on sending it. */
  private static final Duration DISCARD_TIMEOUT = Duration.ofSeconds(5);

  private final HttpLimits limits;
  private final RequestRunner runner;
  private final Doorstep doorstep;
  private final BooleanSupplier serverGoesOn;
  /** What came behind the request at work. */
  private final Queue<Object> waiting = new ArrayDeque<>();
  private @Nullable Exchange current;
  /** The current exchange is over but for the rest of its request's body. */
  private boolean discarding;
  private long discarded;
  /** Since the last request. */
  private boolean bytesArrived;
  /** A request's first bytes are here, not its last; the time for its header runs. */
  private boolean headerBegun;
  /** An answer was given at once, and waits for others that the same read brings. */
  private boolean unflushed;
  private @Nullable Future<?> timer;

  Connection(HttpLimits limits, RequestRunner runner, Doorstep doorstep, BooleanSupplier serverGoesOn) {
    this.limits = limits;
    this.runner = runner;
    this.doorstep = doorstep;
    this.serverGoesOn = serverGoesOn;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    awaitRequest(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!waiting.isEmpty() || (current != null && message instanceof HttpRequest)) {
      waiting.add(message);
      if (waiting.size() > MOST_WAITING) {
        close(ctx);
      }
    } else {
      take(ctx, message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (unflushed) {
      flush(ctx);
    } else if (current == null && bytesArrived && !headerBegun) {
      headerBegun = true;
      closeAfter(limits.headerTimeout(), ctx);
    } else if (discarding) {
      ctx.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopTimer();
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    if (current != null) {
      current.body().fail(new ClientGone("the client closed the connection", null));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("connection of {}: {}", ctx.channel().remoteAddress(), cause.toString());
    close(ctx);
  }

  /** Goes before the decoder, which keeps the beginning of a request to itself. */
  ChannelHandler arrivals() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        bytesArrived = true;
        ctx.fireChannelRead(bytes);
      }
    };
  }

  /** The server stops: an idle connection ends now, a busy one after its answer. */
  void drain(ChannelHandlerContext ctx) {
    if (current == null) {
      // behind an answer that was given at once and is still on its way
      var _ = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> close(ctx));
    }
  }

  private void take(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request) {
      begin(ctx, request);
    }
    if (message instanceof HttpContent content) {
      takeContent(ctx, content);
    }
  }

  private void takeContent(ChannelHandlerContext ctx, HttpContent content) {
    if (current == null) {
      content.release();
    } else if (discarding) {
      discard(ctx, current, content);
    } else {
      current.body().offer(content);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    if (repeat(ctx, request)) {
      return;
    }
    stopTimer();
    headerBegun = false;
    try {
      BadRequest.check(request);
      Exchange exchange = newExchange(ctx, request, Target.parse(request.uri()));
      start(ctx, exchange, () -> runner.run(exchange));
    } catch (BadRequest e) {
      Exchange exchange = newExchange(ctx, request, new Target(request.uri(), Map.of()));
      exchange.body().spoil(e);
      start(ctx, exchange, () -> runner.refuse(exchange, e));
    }
  }

  /** Without a thread, what was answered a moment ago. False: it has to be worked out. */
  private boolean repeat(ChannelHandlerContext ctx, HttpRequest request) {
    Optional<Recent> found = runner.recent(ctx.channel(), request);
    if (found.isEmpty()) {
      return false;
    }
    return switch (found.get()) {
      case RecentAnswer answer -> {
        runner.repeat(ctx.channel(), request, answer, remote(ctx, request));
        unflushed = true;
        yield true;
      }
      case RecentBlob blob -> repeat(ctx, request, blob);
    };
  }

  private boolean repeat(ChannelHandlerContext ctx, HttpRequest request, RecentBlob blob) {
    if (!serverGoesOn.getAsBoolean() || TlsPort.isOn(ctx.channel())) {
      return false;
    }
    Exchange exchange = newExchange(ctx, request, new Target(request.uri(), Map.of()));
    Optional<RecentBlob.Sending> sending = blob.open();
    sending.ifPresent(opened -> {
      stopTimer();
      headerBegun = false;
      current = exchange;
      runner.repeat(ctx.channel(), exchange, opened, () -> finishSoon(ctx, exchange));
    });
    return sending.isPresent();
  }

  private String remote(ChannelHandlerContext ctx, HttpRequest request) {
    return doorstep.client(ctx.channel(), request.headers().getAll("X-Forwarded-For"));
  }

  private Exchange newExchange(ChannelHandlerContext ctx, HttpRequest request, Target target) {
    String id = RequestId.of(request);
    String remote = remote(ctx, request);
    return new Exchange(id, ctx.channel(), remote, request, target, limits, runner.date(), serverGoesOn);
  }

  private void start(ChannelHandlerContext ctx, Exchange exchange, Runnable work) {
    current = exchange;
    Thread.ofVirtual().name("request-" + exchange.id()).start(() -> {
      work.run();
      finishSoon(ctx, exchange);
    });
  }

  private void finishSoon(ChannelHandlerContext ctx, Exchange exchange) {
    try {
      ctx.executor().execute(() -> finished(ctx, exchange));
    } catch (RejectedExecutionException e) {
      LOG.debug("request {}: the server stopped before it ended", exchange.id());
    }
  }

  private void finished(ChannelHandlerContext ctx, Exchange exchange) {
    if (!ctx.channel().isActive()) {
      current = null;
    } else if (!exchange.response().isComplete()) {
      close(ctx);
    } else if (exchange.body().isComplete()) {
      next(ctx, exchange);
    } else {
      beginDiscarding(ctx, exchange);
    }
  }

  /**
   * Reads on for a while what nobody wants, even if the connection is to be closed: closing a socket with unread bytes
   * in it would take the answer away from a client that sends before it reads.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the connection ends soon in any case
  private void beginDiscarding(ChannelHandlerContext ctx, Exchange exchange) {
    discarding = true;
    discarded = 0;
    closeAfter(DISCARD_TIMEOUT, ctx);
    if (!exchange.response().leavesConnectionUsable() && !TlsPort.isOn(ctx.channel())
        && ctx.channel() instanceof DuplexChannel socket) {
      socket.shutdownOutput();
    }
    ctx.read();
  }

  private void discard(ChannelHandlerContext ctx, Exchange exchange, HttpContent content) {
    discarded += content.content().readableBytes();
    exchange.body().offer(content);
    if (exchange.body().isComplete()) {
      discarding = false;
      next(ctx, exchange);
    } else if (discarded > limits.discardedBytes()) {
      close(ctx);
    }
  }

  private void next(ChannelHandlerContext ctx, Exchange before) {
    if (!before.response().leavesConnectionUsable() || !serverGoesOn.getAsBoolean()) {
      close(ctx);
      return;
    }
    current = null;
    while (!waiting.isEmpty() && !(current != null && waiting.peek() instanceof HttpRequest)) {
      take(ctx, waiting.remove());
    }
    if (unflushed || current == null) {
      flush(ctx);
    }
  }

  private void flush(ChannelHandlerContext ctx) {
    unflushed = false;
    ctx.flush();
    if (current == null) {
      awaitRequest(ctx);
    }
  }

  private void awaitRequest(ChannelHandlerContext ctx) {
    bytesArrived = false;
    headerBegun = false;
    closeAfter(limits.idleTimeout(), ctx);
    ctx.read();
  }

  private void closeAfter(Duration time, ChannelHandlerContext ctx) {
    stopTimer();
    timer = ctx.executor().schedule(() -> close(ctx), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do, should it fail
  private static void close(ChannelHandlerContext ctx) {
    ctx.close();
  }
}
