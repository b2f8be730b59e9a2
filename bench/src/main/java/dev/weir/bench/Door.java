package dev.weir.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Where a server listens, on the loopback address.
 *
 * @param tls what its clients trust; none for plain HTTP
 */
record Door(int port, Optional<Trust> tls) {
  private static final String HOST = "127.0.0.1";

  URI address(String path) {
    return URI.create((tls.isPresent() ? "https://" : "http://") + HOST + ":" + port + path);
  }

  /** A new connection; over TLS with a full handshake, of one cipher. */
  Connection connect() throws IOException {
    Socket socket = new Socket(InetAddress.ofLiteral(HOST), port);
    socket.setTcpNoDelay(true);
    return tls.isPresent() ? new Connection(secured(socket, tls.get().context())) : new Connection(socket);
  }

  private static Socket secured(Socket socket, SSLContext context) throws IOException {
    SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, HOST, socket.getPort(), true);
    secured.setEnabledProtocols(new String[]{"TLSv1.3"});
    secured.setEnabledCipherSuites(new String[]{Certificate.CIPHER});
    secured.startHandshake();
    return secured;
  }
}
