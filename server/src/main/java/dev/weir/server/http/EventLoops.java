package dev.weir.server.http;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The threads that move bytes between sockets and memory, shared by all servers of the process. They never wait. */
public final class EventLoops implements AutoCloseable {
  private final EventLoopGroup group;
  private final ChannelFactory<? extends ServerChannel> serverChannels;

  private EventLoops(int threads, IoHandlerFactory handlers, ChannelFactory<? extends ServerChannel> serverChannels) {
    this.group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("event-loop", true), handlers);
    this.serverChannels = serverChannels;
  }

  /** On epoll where there is one. */
  public static EventLoops start(int threads) {
    return Epoll.isAvailable()
        ? new EventLoops(threads, EpollIoHandler.newFactory(), EpollServerSocketChannel::new)
        : startPortable(threads);
  }

  /** On what every JDK has. */
  static EventLoops startPortable(int threads) {
    return new EventLoops(threads, NioIoHandler.newFactory(), NioServerSocketChannel::new);
  }

  EventLoopGroup group() {
    return group;
  }

  ChannelFactory<? extends ServerChannel> serverChannels() {
    return serverChannels;
  }

  /** After the servers. Returns when the threads have ended. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
