package dev.weir.storage.s3;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;

/** An event loop for stores whose objects arrive. */
final class OneLoop implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  S3ObjectStore store(S3Settings settings) throws IOException {
    return S3ObjectStore.open(settings, false, new Bootstrap().group(loop).channel(NioSocketChannel.class));
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
