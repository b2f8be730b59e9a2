package dev.weir.server.pullthrough;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Upstreams that are none. */
final class Doors {
  private Doors() {}

  /** A port at which nobody listens. */
  static URI refusing() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return at(socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static URI at(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Takes connections, and never says anything: the kernel does that for a socket that nobody accepts from. */
  static final class Silent implements AutoCloseable {
    private final ServerSocketChannel channel;

    Silent() throws IOException {
      channel = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
      channel.configureBlocking(false);
    }

    int port() {
      return channel.socket().getLocalPort();
    }

    URI uri() {
      return at(port());
    }

    /** Whether anybody has connected since this was asked last. */
    boolean wasTouched() throws IOException {
      try (SocketChannel visitor = channel.accept()) {
        return visitor != null;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Takes connections and ends them at once. */
  static final class Slamming implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

    Slamming() throws IOException {
      Thread.ofVirtual().start(this::slam);
    }

    URI uri() {
      return at(listener.getLocalPort());
    }

    private void slam() {
      while (!listener.isClosed()) {
        try (Socket visitor = listener.accept()) {
          visitor.setSoLinger(true, 0);
        } catch (IOException e) {
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
