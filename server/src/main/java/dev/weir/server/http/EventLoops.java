package dev.weir.server.http;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The threads that move bytes between sockets and memory, shared by all servers of the process. They never wait. */
public final class EventLoops implements AutoCloseable {
  /** They move more than a network card takes; and each keeps memory of its own, some MiB, that it once needed. */
  static final int ENOUGH = 8;

  private final EventLoopGroup group;
  private final Sockets sockets;

  /** The kinds of sockets that go with a kind of loop. */
  private record Sockets(ChannelFactory<? extends ServerChannel> tcp, ChannelFactory<? extends Channel> outgoing,
      ChannelFactory<? extends ServerChannel> local,
      Function<Path, SocketAddress> localAddress) {}

  private EventLoops(int threads, IoHandlerFactory handlers, Sockets sockets) {
    this.group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("event-loop", true), handlers);
    this.sockets = sockets;
  }

  /** As many as this machine has use for. */
  public static EventLoops start() {
    return start(Math.min(Runtime.getRuntime().availableProcessors(), ENOUGH));
  }

  /** On epoll where there is one. */
  static EventLoops start(int threads) {
    return Epoll.isAvailable()
        ? new EventLoops(threads, EpollIoHandler.newFactory(),
            new Sockets(EpollServerSocketChannel::new, EpollSocketChannel::new,
                EpollServerDomainSocketChannel::new, path -> new DomainSocketAddress(path.toFile())))
        : startPortable(threads);
  }

  /** On what every JDK has. */
  static EventLoops startPortable(int threads) {
    return new EventLoops(threads, NioIoHandler.newFactory(),
        new Sockets(NioServerSocketChannel::new, NioSocketChannel::new,
            NioServerDomainSocketChannel::new, UnixDomainSocketAddress::of));
  }

  EventLoopGroup group() {
    return group;
  }

  /** For connections to others, so that what comes over them may leave by the thread that it came by. */
  public Bootstrap outgoing() {
    return new Bootstrap().group(group).channelFactory(sockets.outgoing());
  }

  ChannelFactory<? extends ServerChannel> serverChannels() {
    return sockets.tcp();
  }

  ChannelFactory<? extends ServerChannel> localServerChannels() {
    return sockets.local();
  }

  /** Of a socket of the file system. */
  SocketAddress localAddress(Path socket) {
    return sockets.localAddress().apply(socket);
  }

  /** After the servers. Returns when the threads have ended. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
