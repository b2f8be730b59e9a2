package dev.weir.server.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A long way to a server on loopback: whatever is sent arrives after a while, in both directions. Connections last as long. */
public final class DelayingProxy implements AutoCloseable {
  private static final int PIECE = 64 * 1024;

  private final ServerSocket listener;
  private final int target;
  private final long delayNanos;

  @SuppressWarnings("ArrayRecordComponent")
  private record Piece(byte[] bytes, long due) {}

  /** @param oneWay half of a round trip */
  public DelayingProxy(int target, Duration oneWay) {
    try {
      this.listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.target = target;
    this.delayNanos = oneWay.toNanos();
    Thread.ofVirtual().start(this::accept);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    try {
      client.setTcpNoDelay(true);
      pause(2 * delayNanos); // SYN and back
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      server.setTcpNoDelay(true);
      carry(client, server);
      carry(server, client);
    } catch (IOException e) {
      closeQuietly(client);
    }
  }

  private void carry(Socket from, Socket to) {
    BlockingQueue<Piece> way = new LinkedBlockingQueue<>();
    Thread.ofVirtual().start(() -> {
      byte[] buffer = new byte[PIECE];
      try {
        InputStream in = from.getInputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          way.add(new Piece(Arrays.copyOf(buffer, count), System.nanoTime() + delayNanos));
        }
      } catch (IOException e) {
        // the end, like any other
      }
      way.add(new Piece(new byte[0], System.nanoTime() + delayNanos));
    });
    Thread.ofVirtual().start(() -> deliver(way, from, to));
  }

  private static void deliver(BlockingQueue<Piece> way, Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      for (Piece piece = way.take(); piece.bytes().length > 0; piece = way.take()) {
        pause(piece.due() - System.nanoTime());
        out.write(piece.bytes());
      }
    } catch (IOException | InterruptedException e) {
      closeQuietly(from);
    }
    closeQuietly(to);
  }

  private static void pause(long nanos) {
    try {
      Thread.sleep(Duration.ofNanos(Math.max(0, nanos)));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
