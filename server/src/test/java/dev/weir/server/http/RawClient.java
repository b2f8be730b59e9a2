package dev.weir.server.http;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** One connection, on which a test sees every byte. Reads give up after 20 seconds. */
public final class RawClient implements Closeable {
  private final Socket socket;
  private final InputStream in;

  /** What came back; header lines as they were sent. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Reply(int status, List<String> lines, byte[] body) {
    public Optional<String> header(String name) {
      List<String> values = headers(name);
      return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    public List<String> headers(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return lines.stream().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip()).toList();
    }

    public String text() {
      return new String(body, UTF_8);
    }
  }

  public RawClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** On a connection that is there. */
  public RawClient(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(20_000);
    in = socket.getInputStream();
  }

  public RawClient send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  public Reply get(String path, String... headers) throws IOException {
    return ask("GET", path, headers);
  }

  public Reply ask(String method, String path, String... headers) throws IOException {
    send(method + " " + path + " HTTP/1.1\r\nHost: weir\r\n" + lines(headers) + "\r\n");
    return method.equals("HEAD") ? readHead() : read();
  }

  private static String lines(String... headers) {
    StringBuilder lines = new StringBuilder();
    for (String header : headers) {
      lines.append(header).append("\r\n");
    }
    return lines.toString();
  }

  public Reply read() throws IOException {
    Reply head = readHead();
    if (head.status() == 304 || head.status() == 204 || head.status() < 200) {
      return head;
    }
    int length = Integer.parseInt(head.header("Content-Length").orElseThrow());
    return new Reply(head.status(), head.lines(), readBytes(length));
  }

  public Reply readHead() throws IOException {
    String first = readLine();
    List<String> lines = new ArrayList<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      lines.add(line);
    }
    return new Reply(Integer.parseInt(first.substring(9, 12)), lines, new byte[0]);
  }

  public byte[] readBytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the connection ended after " + bytes.length + " of " + count + " bytes");
    }
    return bytes;
  }

  /** Everything up to the end of the connection, be it a clean one or not. */
  public byte[] readToEnd() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      in.transferTo(all);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection stays open", e);
    } catch (IOException e) {
      return all.toByteArray();
    }
    return all.toByteArray();
  }

  /** What comes first; nothing where the connection has ended. */
  String readSome() {
    try {
      byte[] bytes = new byte[1000];
      int count = in.read(bytes);
      return new String(bytes, 0, Math.max(0, count), ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended after '" + line + "'");
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).strip();
  }

  /** Closes with a reset, as a client that is killed with unread bytes does. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  void receiveBuffer(int bytes) throws IOException {
    socket.setReceiveBufferSize(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
