package dev.weir.server.archive;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Where a registry is, and how a connection to it begins. */
public sealed interface Dial {
  /** As {@code Host} says it. */
  String host();

  /** For a person. */
  String shown();

  String scheme();

  /** @throws IOException if one may not go there from here */
  Dial elsewhere(URI address) throws IOException;

  /** @throws IOException if nobody answers; the message names the address */
  Connection connect() throws IOException;

  /** A weir on this host, by its own socket. */
  record Local(Path socket) implements Dial {
    @Override
    public String host() {
      return "weir";
    }

    @Override
    public String shown() {
      return "the weir at " + socket;
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public Dial elsewhere(URI address) throws IOException {
      throw new IOException(shown() + " leads to another host");
    }

    @Override
    public Connection connect() throws IOException {
      try {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
          channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
          channel.close();
          throw e;
        }
        return new Connection(channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
      } catch (IOException e) {
        throw new IOException("no weir answers at " + socket + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Anywhere else.
   *
   * @param tls empty: plain HTTP
   */
  record Remote(String name, int port, Optional<SSLContext> tls) implements Dial {
    private static final String HTTPS = "https";
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(30).toMillis();
    /** A registry that looks through what it got may think for a while. */
    private static final int LONGEST_SILENCE_MILLIS = (int) Duration.ofMinutes(15).toMillis();

    @Override
    public String host() {
      return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
    }

    @Override
    public String shown() {
      return host();
    }

    @Override
    public String scheme() {
      return tls.isPresent() ? HTTPS : "http";
    }

    @Override
    public Dial elsewhere(URI address) throws IOException {
      boolean isTls = HTTPS.equals(address.getScheme());
      if (address.getHost() == null || (!isTls && tls.isPresent())) {
        throw new IOException(shown() + " leads to " + address.getScheme() + "://" + address.getRawAuthority()
            + ", which is no address or less safe");
      }
      int at = address.getPort() >= 0 ? address.getPort() : isTls ? 443 : 80;
      return new Remote(address.getHost(), at, isTls ? Optional.of(tls.orElse(defaultTls())) : Optional.empty());
    }

    private static SSLContext defaultTls() throws IOException {
      try {
        return SSLContext.getDefault();
      } catch (NoSuchAlgorithmException e) {
        throw new IOException("this JDK speaks no TLS: " + e.getMessage(), e);
      }
    }

    @Override
    public Connection connect() throws IOException {
      try {
        Socket plain = new Socket();
        try {
          plain.setTcpNoDelay(true);
          plain.connect(new InetSocketAddress(name, port), PATIENCE_MILLIS);
          plain.setSoTimeout(LONGEST_SILENCE_MILLIS);
          Socket socket = tls.isPresent() ? secured(plain, tls.get()) : plain;
          return new Connection(socket, socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
          plain.close();
          throw e;
        }
      } catch (IOException e) {
        throw new IOException("no registry answers at " + host() + ": " + e.getMessage(), e);
      }
    }

    private SSLSocket secured(Socket plain, SSLContext context) throws IOException {
      SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    }
  }
}
