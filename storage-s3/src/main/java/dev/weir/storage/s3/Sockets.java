package dev.weir.storage.s3;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Connections to the bucket's server on event loops, each for one request at a time and kept for a while. Thread-safe. */
final class Sockets implements AutoCloseable {
  /** The handler behind that of a request. */
  static final String LAST = "last";
  private static final int CONNECT_MILLIS = 2_000;
  /** How long one may be kept; servers close theirs after a minute or more. */
  private static final Duration REST = Duration.ofSeconds(20);

  private final TlsSource tls;
  private final ReentrantLock lock = new ReentrantLock();
  /** Made on first use: it reads files. */
  @GuardedBy("lock") private @Nullable SslContext context;
  private final Bootstrap connecting;
  private final ConcurrentLinkedDeque<Resting> resting = new ConcurrentLinkedDeque<>();

  /** One rest of a connection, told from those before. */
  private record Resting(Channel channel, long sinceNanos) {}

  /** Whom to trust; may read files. */
  @FunctionalInterface
  interface TlsSource {
    SslContext context() throws IOException;
  }

  /** @param sockets on which event loops, and of which kind */
  Sockets(Bootstrap sockets, TlsSource tls) {
    this.tls = tls;
    this.connecting = sockets.clone().option(ChannelOption.AUTO_READ, false).option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .option(ChannelOption.RECVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(Arrival.PIECE_BYTES).maxMessagesPerRead(1));
  }

  /** What the server says to nobody ends the connection. */
  private static final class Unasked extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      var _ = context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var _ = context.close();
    }
  }

  /** One that rested. */
  Optional<Channel> rested() {
    Resting known = resting.pollFirst();
    while (known != null && !known.channel().isActive()) {
      known = resting.pollFirst();
    }
    return Optional.ofNullable(known).map(Resting::channel);
  }

  /** A new one; waits for it, and for what is to be read about the server's name and whom to trust. */
  Channel fresh(URI address) throws IOException {
    boolean isEncrypted = address.getScheme().equals("https");
    int port = address.getPort() >= 0 ? address.getPort() : isEncrypted ? 443 : 80;
    String host = address.getHost().replaceAll("[\\[\\]]", "");
    Optional<SslContext> encryption = isEncrypted ? Optional.of(tls()) : Optional.empty();
    Bootstrap prepared = connecting.clone().handler(new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        encryption.ifPresent(
            context -> channel.pipeline().addLast(context.newHandler(channel.alloc(), host, port)));
        channel.pipeline().addLast(
            new HttpClientCodec(new HttpDecoderConfig().setMaxChunkSize(Arrival.PIECE_BYTES), false, false))
            .addLast(LAST, new Unasked());
      }
    });
    return connected(prepared, host, port);
  }

  /** To the first of its addresses that takes us, within the time that one may take. */
  private static Channel connected(Bootstrap prepared, String host, int port) throws IOException {
    long begun = System.nanoTime();
    IOException failure = new IOException("no connection to " + host + ":" + port);
    for (InetAddress address : InetAddress.getAllByName(host)) {
      if (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(CONNECT_MILLIS)) {
        ChannelFuture tried = prepared.connect(new InetSocketAddress(address, port)).awaitUninterruptibly();
        if (tried.isSuccess()) {
          return tried.channel();
        }
        failure.addSuppressed(tried.cause());
      }
    }
    throw failure;
  }

  private SslContext tls() throws IOException {
    lock.lock();
    try {
      SslContext known = context;
      if (known == null) {
        known = tls.context();
        context = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /** For the next request. Called on its event loop. */
  void rest(Channel channel) {
    Resting rest = new Resting(channel, System.nanoTime());
    resting.addFirst(rest);
    channel.read(); // learns that the server closes it
    var _ = channel.eventLoop().schedule(() -> {
      if (resting.remove(rest)) {
        var _ = channel.close();
      }
    }, REST.toSeconds(), TimeUnit.SECONDS);
  }

  /** Those that rest; others are closed by whoever uses them. */
  @Override
  public void close() {
    for (Optional<Channel> rested = rested(); rested.isPresent(); rested = rested()) {
      var _ = rested.get().close();
    }
  }
}
