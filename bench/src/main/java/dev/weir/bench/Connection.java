package dev.weir.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One client's connection: GET after GET, bodies counted and thrown away. */
final class Connection implements AutoCloseable {
  private static final int BUFFER = 256 << 10;
  /** As the clients of registries send; without it, docker-registry denies that it has an OCI manifest. */
  static final String ACCEPT = "Accept: " + Pusher.MANIFEST;

  private static final String LENGTH = "content-length:";

  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];

  Connection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 8 << 10);
  }

  /** The bytes of the body, of an answer 200 or 401. */
  long get(String path, String... headers) throws IOException {
    long length = ask(path, headers);
    for (long left = length; left > 0;) {
      int read = in.read(buffer, 0, (int) Math.min(left, BUFFER));
      if (read < 0) {
        throw new EOFException("GET " + path + " ended " + left + " bytes before its end");
      }
      left -= read;
    }
    return length;
  }

  /** Sends the request and reads the answer's head: the length of the body, which is left in the connection. */
  private long ask(String path, String... headers) throws IOException {
    StringBuilder request = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\nHost: bench\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    String status = line();
    if (!status.contains(" 200 ") && !status.contains(" 401 ")) {
      throw new IOException("GET " + path + " was answered: " + status);
    }
    long length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Long.parseLong(header.substring(LENGTH.length()).strip());
      }
    }
    return length;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
