package dev.weir.storage.s3;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.Arriving;

/**
 * One answer of a bucket on its way through a connection of its own, which is read as fast as its bytes are taken. Its fields are
 * the event loop's.
 */
final class Arrival extends ChannelInboundHandlerAdapter implements Arriving {
  private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);
  /** What is read of a socket at once, at most, and so what is held of an answer. */
  static final int PIECE_BYTES = 1 << 20;
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Channel channel;
  private final Consumer<Channel> rest;
  private final CompletableFuture<HttpResponse> head = new CompletableFuture<>();
  private final Queue<ByteBuf> early = new ArrayDeque<>();
  private @Nullable Taker taker;
  private boolean keepsAlive;
  private boolean isOver;
  private boolean isClosed;
  private @Nullable IOException failure;
  private long bytesOut;
  /** When something came, or was asked for. */
  private long heardNanos;
  private boolean isReading;
  private @Nullable Future<?> watch;

  /**
   * The next answer of a connection that nobody else uses.
   *
   * @param rest given the connection if it may be used again; otherwise it is closed
   */
  Arrival(Channel channel, Consumer<Channel> rest) {
    this.channel = channel;
    this.rest = rest;
  }

  /** Asks, and tells how the answer begins. Of its body nothing more is read than what came with that. */
  CompletableFuture<HttpResponse> ask(FullHttpRequest request) {
    run(() -> {
      if (!channel.isOpen()) {
        fail(new ClosedChannelException());
        return;
      }
      channel.pipeline().addBefore(Sockets.LAST, null, this);
      var _ = channel.writeAndFlush(request).addListener((ChannelFutureListener) written -> {
        if (!written.isSuccess()) {
          fail(written.cause());
        }
      });
      readOn();
      watch(SILENCE.toNanos());
    });
    return head;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    heardNanos = System.nanoTime();
    Throwable trouble = trouble(message);
    if (isEnded() || trouble != null) {
      ReferenceCountUtil.release(message);
      fail(trouble);
      return;
    }
    if (message instanceof HttpResponse begun) {
      keepsAlive = HttpUtil.isKeepAlive(begun);
      head.complete(begun);
    }
    if (message instanceof HttpContent content) {
      hand(content.content());
      if (content instanceof LastHttpContent) {
        finish();
      }
    }
  }

  /** Null: it may be the answer, or a part of it. What comes before an answer, nobody asked for. */
  private static @Nullable Throwable trouble(Object message) {
    if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
      return part.decoderResult().cause();
    }
    return message instanceof HttpResponse begun && begun.status().codeClass() == HttpStatusClass.INFORMATIONAL
        ? new IOException("the bucket answers " + begun.status() + " without being asked to")
        : null;
  }

  /** Takes the bytes over. */
  private void hand(ByteBuf bytes) {
    if (!bytes.isReadable()) {
      bytes.release();
    } else if (taker == null) {
      early.add(bytes);
    } else {
      give(taker, bytes);
    }
  }

  private void give(Taker to, ByteBuf bytes) {
    int length = bytes.readableBytes();
    bytesOut += length;
    to.take(bytes.nioBuffer(), () -> {
      bytes.release();
      run(() -> {
        bytesOut -= length;
        readOn();
      });
    });
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    isReading = false;
    readOn();
  }

  private void readOn() {
    boolean isWanted = !head.isDone() || (taker != null && bytesOut == 0); // the kernel reads ahead
    if (isWanted && !isReading && !isEnded()) {
      isReading = true;
      heardNanos = System.nanoTime();
      channel.read();
    }
  }

  private boolean isEnded() {
    return isOver || isClosed || failure != null;
  }

  @Override
  public void to(Taker wanted) {
    run(() -> {
      taker = wanted;
      while (!early.isEmpty() && !isClosed) {
        give(wanted, early.remove());
      }
      tellEnd();
      readOn();
    });
  }

  private void tellEnd() {
    if (taker != null && !isClosed && isOver) {
      taker.end();
    } else if (taker != null && !isClosed && failure != null) {
      taker.broken(failure);
    }
  }

  /** The answer is here: another may ask through its connection. */
  private void finish() {
    isOver = true;
    unwatch();
    channel.pipeline().remove(this);
    if (keepsAlive) {
      rest.accept(channel);
    } else {
      var _ = channel.close();
    }
    tellEnd();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(new IOException("the connection to the bucket ended in the middle of its answer"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(cause);
  }

  private void fail(@Nullable Throwable cause) {
    if (!isEnded() && cause != null) {
      failure = cause instanceof IOException e ? e : new IOException(cause.toString(), cause);
      unwatch();
      head.completeExceptionally(failure);
      var _ = channel.close();
      tellEnd();
    }
  }

  /** Who was asked for more and sends nothing is given up; a slow taker is no fault of the bucket's. */
  private void watch(long nanos) {
    watch = channel.eventLoop().schedule(() -> {
      long left = isReading ? SILENCE.toNanos() - (System.nanoTime() - heardNanos) : SILENCE.toNanos();
      if (left <= 0) {
        fail(new IOException("the bucket sent nothing for " + SILENCE.toSeconds() + " s"));
      } else {
        watch(left);
      }
    }, nanos, TimeUnit.NANOSECONDS);
  }

  private void unwatch() {
    if (watch != null) {
      watch.cancel(false);
    }
  }

  @Override
  public void close() {
    run(() -> {
      isClosed = true;
      unwatch();
      early.forEach(ReferenceCountUtil::release);
      early.clear();
      if (!isOver) {
        var _ = channel.close();
      }
    });
  }

  private void run(Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
      return;
    }
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("the event loop has ended, and its connections with it", e);
    }
  }
}
