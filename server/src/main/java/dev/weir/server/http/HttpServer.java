package dev.weir.server.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** A listening socket and its connections. */
public final class HttpServer implements AutoCloseable {
  private static final int BACKLOG = 1024;
  /** No piece of a body is cut up further than the socket's reads do. */
  private static final int CHUNK_BYTES = 1 << 20;
  /** Most that the socket gives at once, to whom it had as much to give before: each read costs two threads a wake-up. */
  static final int READ_BYTES = 256 << 10;
  /** What it is asked for at first, and at least. */
  private static final int FIRST_READ_BYTES = 2 << 10;
  private static final int LEAST_READ_BYTES = 64;

  private final HttpLimits limits;
  private final RequestRunner runner;
  private final Entrance entrance;
  private final Doorstep doorstep;
  private final ChannelGroup connections;
  private final boolean isLocal;
  private final Channel listening;
  private volatile boolean stopping;

  /**
   * How connections come in.
   *
   * @param tls     what TLS is spoken with, closed by the caller; empty for plain HTTP
   * @param proxies who may state a client's address
   */
  public record Entrance(Optional<TlsSetup> tls, TrustedProxies proxies) {
    public static final Entrance PLAIN = new Entrance(Optional.empty(), TrustedProxies.NONE);
  }

  private HttpServer(EventLoops loops, Listening address, Entrance entrance, RequestHandler handler,
      HttpLimits limits, RecentAnswers recent, Consumer<Answer> answered) throws IOException {
    this.limits = limits;
    this.entrance = entrance;
    this.doorstep = new Doorstep(entrance.proxies(), limits.connectionsPerAddress(), System::nanoTime);
    this.runner = new RequestRunner(handler, recent, answered);
    this.connections = new DefaultChannelGroup(loops.group().next(), true);
    this.isLocal = address instanceof Listening.Local;
    this.listening = switch (address) {
      case Listening.Tcp(InetSocketAddress at) -> listen(at, tcp(loops));
      case Listening.Local(Path socket) -> listen(loops.localAddress(socket), local(loops));
    };
  }

  /** Where connections come from. */
  private sealed interface Listening {
    record Tcp(InetSocketAddress address) implements Listening {}

    record Local(Path socket) implements Listening {}
  }

  /**
   * Listens on a socket of the file system, for whoever may open that, and speaks plain HTTP.
   *
   * @param socket there is no file of that name yet; it is the caller's to delete
   */
  public static HttpServer startLocal(EventLoops loops, Path socket, RequestHandler handler, HttpLimits limits,
      Consumer<Answer> answered) throws IOException {
    return new HttpServer(loops, new Listening.Local(socket), Entrance.PLAIN, handler, limits, RecentAnswers.none(),
        answered);
  }

  /**
   * Listens, and speaks plain HTTP.
   *
   * @param address port 0: one that is free, see {@link #port()}
   * @param answered told of every request when it is over, on that request's thread
   * @throws IOException if the address cannot be had
   */
  public static HttpServer start(EventLoops loops, InetSocketAddress address, RequestHandler handler, HttpLimits limits,
      Consumer<Answer> answered) throws IOException {
    return start(loops, address, Entrance.PLAIN, handler, limits, RecentAnswers.none(), answered);
  }

  /**
   * Listens.
   *
   * @param address port 0: one that is free, see {@link #port()}
   * @param recent of this server alone
   * @param answered told of every request when it is over, on that request's thread or the event loop; must not wait
   * @throws IOException if the address cannot be had
   */
  public static HttpServer start(EventLoops loops, InetSocketAddress address, Entrance entrance,
      RequestHandler handler, HttpLimits limits, RecentAnswers recent, Consumer<Answer> answered) throws IOException {
    return new HttpServer(loops, new Listening.Tcp(address), entrance, handler, limits, recent, answered);
  }

  private static ServerBootstrap tcp(EventLoops loops) {
    return new ServerBootstrap().group(loops.group()).channelFactory(loops.serverChannels())
        .option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
  }

  private static ServerBootstrap local(EventLoops loops) {
    return new ServerBootstrap().group(loops.group()).channelFactory(loops.localServerChannels());
  }

  private Channel listen(SocketAddress address, ServerBootstrap sockets) throws IOException {
    ChannelFuture bound = sockets.option(ChannelOption.SO_BACKLOG, BACKLOG).childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(LEAST_READ_BYTES, FIRST_READ_BYTES, READ_BYTES))
        .childHandler(new Pipeline()).bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
    }
    return bound.channel();
  }

  /** The port listened on. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /** Takes no more connections, gives running requests the drain time, and cuts what is left. */
  @Override
  public void close() {
    stopping = true;
    listening.close().awaitUninterruptibly();
    for (Channel connection : connections) {
      ChannelHandlerContext context = connection.pipeline().context(Connection.class);
      if (context != null) {
        context.executor().execute(() -> ((Connection) context.handler()).drain(context));
      }
    }
    if (!connections.newCloseFuture().awaitUninterruptibly(limits.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
      connections.close().awaitUninterruptibly();
    }
  }

  /** What a connection is made of. */
  private final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      connections.add(channel);
      if (!isLocal) {
        doorstep.arrive(channel);
      }
      Connection connection = new Connection(limits, runner, doorstep, () -> !stopping);
      ChannelPipeline parts = channel.pipeline();
      parts.addLast(new ProxyHeader(doorstep));
      entrance.tls().ifPresent(setup -> parts.addLast(new TlsPort(setup, doorstep)));
      parts.addLast(connection.arrivals());
      parts.addLast(new HttpRequestDecoder(new HttpDecoderConfig().setMaxInitialLineLength(limits.requestLineBytes())
          .setMaxHeaderSize(limits.headerBytes()).setMaxChunkSize(CHUNK_BYTES)));
      parts.addLast(new HttpResponseEncoder());
      parts.addLast(connection);
      if (stopping) { // whoever closes the server may have come too early to see this one
        var _ = channel.close();
      }
    }
  }
}
