package dev.weir.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Connections on plain HTTP that one thread reads in turn, none faster than its rate. */
final class SlowCrowd implements AutoCloseable {
  private static final int BYTES_PER_SECOND = 1_000_000;
  private static final int TURNS_PER_SECOND = 20;
  private static final int WINDOW = 64 << 10;

  private final List<SocketChannel> channels = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES_PER_SECOND / TURNS_PER_SECOND);

  private SlowCrowd() {}

  /** All of them connected, and each with its request sent. */
  static SlowCrowd open(Door door, String path, int connections) throws IOException {
    SlowCrowd crowd = new SlowCrowd();
    byte[] request = "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n".formatted(path).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < connections; i++) {
      SocketChannel channel = SocketChannel.open();
      crowd.channels.add(channel);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, WINDOW);
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()));
      channel.write(ByteBuffer.wrap(request));
      channel.configureBlocking(false);
    }
    return crowd;
  }

  /** For a time shorter than the blob lasts. */
  Load read(double seconds) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long bytes = 0;
    long turns = Math.round(seconds * TURNS_PER_SECOND);
    for (long turn = 1; turn <= turns; turn++) {
      for (SocketChannel channel : channels) {
        bytes += read(channel);
      }
      long due = start + turn * TimeUnit.SECONDS.toNanos(1) / TURNS_PER_SECOND;
      TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
    }
    return new Load((System.nanoTime() - start) / 1e9, channels.size(), bytes, 0);
  }

  private int read(SocketChannel channel) throws IOException {
    int read = channel.read(buffer.clear());
    if (read < 0) {
      throw new EOFException("the server closed the connection of a slow reader");
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
  }
}
