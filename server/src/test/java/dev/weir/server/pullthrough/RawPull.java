package dev.weir.server.pullthrough;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One GET on a connection of its own, read as fast as the test wants. For one thread. */
public final class RawPull implements Closeable {
  private static final int LONGEST_SILENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final String head;

  private RawPull(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.head = readHead();
  }

  /** Returns when the header of the answer is there. */
  public static RawPull start(int port, String path, String... headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(LONGEST_SILENCE_MILLIS);
    String lines = String.join("", java.util.Arrays.stream(headers).map(line -> line + "\r\n").toList());
    socket.getOutputStream().write(
        ("GET " + path + " HTTP/1.1\r\nHost: weir\r\nConnection: close\r\n" + lines + "\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    return new RawPull(socket);
  }

  private String readHead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the connection ended in the header: " + bytes.toString(StandardCharsets.ISO_8859_1));
      }
      bytes.write(next);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  public int status() {
    return Integer.parseInt(head.substring(9, 12));
  }

  String header(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return head.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip()).findFirst().orElse("");
  }

  long length() {
    return Long.parseLong(header("Content-Length"));
  }

  /** Whether a byte of the body lies ready. */
  boolean hasMore() throws IOException {
    return in.available() > 0;
  }

  /** Into {@code buffer}; less than it holds only at the end, orderly or not. */
  int read(byte[] buffer) throws IOException {
    try {
      return in.readNBytes(buffer, 0, buffer.length);
    } catch (SocketException e) {
      return 0;
    }
  }

  public byte[] read(int count) throws IOException {
    byte[] buffer = new byte[count];
    int got = read(buffer);
    return got == count ? buffer : java.util.Arrays.copyOf(buffer, got);
  }

  /** Until the end, orderly or not. */
  public byte[] readAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 * 1024];
    try {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        all.write(buffer, 0, got);
      }
    } catch (SocketException e) {
      // cut
    }
    return all.toByteArray();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
