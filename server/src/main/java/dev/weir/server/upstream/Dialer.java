package dev.weir.server.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;

import io.netty.util.ReferenceCountUtil;

/** Makes connections: through the proxy that is meant for them, and with TLS where that is asked for. Thread-safe. */
final class Dialer {
  private final Duration patience;
  private final Proxies proxies;
  private final Buffers buffers;
  private final TlsSource tls;

  /** What is made on first use, since that reads files. */
  @FunctionalInterface
  interface TlsSource {
    TlsClient client() throws IOException;
  }

  /** @param patience for each of a host's addresses */
  Dialer(Duration patience, Proxies proxies, Buffers buffers, TlsSource tls) {
    this.patience = patience;
    this.proxies = proxies;
    this.buffers = buffers;
    this.tls = tls;
  }

  /** The proxy opens no tunnel. */
  static final class NoTunnel extends IOException {
    private final transient Head answer;

    private NoTunnel(Head answer) {
      super("no tunnel: " + answer.status());
      this.answer = answer;
    }

    Head answer() {
      return answer;
    }
  }

  /**
   * A new connection.
   *
   * @param closed told once
   */
  Line dial(Origin to, Leash leash, Consumer<Line> closed) throws IOException {
    Optional<Proxies.Server> proxy = proxies.of(to);
    SocketChannel socket = proxy.isPresent()
        ? connect(proxy.get().host(), proxy.get().port(), leash)
        : connect(to.host(), to.port(), leash);
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (proxy.isPresent() && to.isHttps()) {
        tunnel(socket, to, proxy.get());
      }
      return new Line(to, to.isHttps() ? encrypted(socket, to) : socket, buffers, closed);
    } catch (IOException | RuntimeException | Error e) { // memory outside the heap may be short for a while
      socket.close();
      throw e;
    }
  }

  /** To the first of its addresses that takes us. */
  private SocketChannel connect(String host, int port, Leash leash) throws IOException {
    IOException failure = new ConnectException("no address");
    for (InetAddress address : InetAddress.getAllByName(host)) {
      SocketChannel socket = SocketChannel.open();
      try {
        leash.hold(() -> close(socket));
        socket.socket().connect(new InetSocketAddress(address, port), Math.toIntExact(patience.toMillis()));
        return socket;
      } catch (SocketException | SocketTimeoutException e) { // refused, no way there, no answer
        close(socket);
        failure = e;
      } catch (IOException e) {
        close(socket);
        throw e;
      }
    }
    throw failure;
  }

  private static void close(SocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is of no more use in any case
    }
  }

  private void tunnel(SocketChannel socket, Origin to, Proxies.Server proxy) throws IOException {
    String target = (to.host().indexOf(':') >= 0 ? "[" + to.host() + "]" : to.host()) + ":" + to.port();
    StringBuilder request = new StringBuilder(
        "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nUser-Agent: weir\r\n");
    proxy.credentials()
        .ifPresent(credentials -> request.append("Proxy-Authorization: ").append(credentials.basic()).append("\r\n"));
    Line plain = new Line(to, socket, buffers, line -> {});
    Head answer = plain.ask(ByteBuffer.wrap(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII)));
    if (answer.status() / 100 != 2) {
      throw new NoTunnel(answer);
    }
    if (!plain.rest()) {
      throw new IOException("the proxy sent something of its own through the tunnel");
    }
  }

  private ByteChannel encrypted(SocketChannel socket, Origin to) throws IOException {
    TlsChannel channel = channel(socket, tls.client().newEngine(to));
    try {
      channel.shakeHands();
      return channel;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static TlsChannel channel(SocketChannel socket, SSLEngine engine) {
    try {
      return new TlsChannel(socket, engine);
    } catch (RuntimeException | Error e) {
      ReferenceCountUtil.release(engine);
      throw e;
    }
  }
}
