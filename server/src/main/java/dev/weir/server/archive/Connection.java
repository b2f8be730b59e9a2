package dev.weir.server.archive;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** HTTP/1.1 on one connection, where one request follows another (RFC 9112). For one thread at a time. */
public final class Connection implements Closeable {
  private static final int BUFFER = 256 << 10;
  private static final int LONGEST_LINE = 64 << 10;
  private static final int STATUS_AT = "HTTP/1.1 ".length();

  private final Closeable socket;
  private final InputStream in;
  private final OutputStream out;

  Connection(Closeable socket, InputStream in, OutputStream out) {
    this.socket = socket;
    this.in = new BufferedInputStream(in, 64 << 10);
    this.out = new BufferedOutputStream(out, 8 << 10);
  }

  /** A request's body. */
  public interface Body {
    /** In bytes; below 0: not known before its end. */
    long length();

    /** Of exactly that length; closed. Read once, unless it {@link #lasts}. */
    InputStream open() throws IOException;

    /** Whether it can be opened again. */
    default boolean lasts() {
      return length() == 0;
    }
  }

  /** What was to be sent cannot be read; the registry is not to blame. */
  public static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1;

    Unreadable(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** The connection ended before a byte of the answer: an idle one was closed by the other side, it may be. */
  static final class Gone extends IOException {
    private static final long serialVersionUID = 1;

    Gone(String sentence) {
      super(sentence);
    }
  }

  /** An answer's begin. */
  record Head(int status, Map<String, String> headers, InputStream body, boolean isLast) {}

  Head ask(String head, String method, Body body) throws IOException {
    try {
      out.write(head.getBytes(ISO_8859_1));
      if (body.length() != 0) {
        send(body);
      }
      out.flush();
    } catch (Unreadable e) {
      throw e;
    } catch (IOException e) { // it may have said no and hung up
      return answer(method, true);
    }
    return answer(method, false);
  }

  private void send(Body body) throws IOException {
    byte[] piece = new byte[BUFFER];
    long left = body.length();
    try (InputStream content = opened(body)) {
      while (left != 0) {
        int read = next(content, piece, left);
        if (read < 0) {
          break;
        }
        if (body.length() < 0) {
          out.write((Integer.toHexString(read) + "\r\n").getBytes(ISO_8859_1));
        }
        out.write(piece, 0, read);
        if (body.length() < 0) {
          out.write('\r');
          out.write('\n');
        }
        left -= body.length() < 0 ? 0 : read;
      }
    }
    if (left > 0) {
      throw new Unreadable(new EOFException("it breaks off " + left + " bytes before its end"));
    }
    if (body.length() < 0) {
      out.write("0\r\n\r\n".getBytes(ISO_8859_1));
    }
  }

  /** Opens what is to be sent. */
  public static InputStream opened(Body body) throws Unreadable {
    try {
      return body.open();
    } catch (IOException e) {
      throw new Unreadable(e);
    }
  }

  /**
   * Reads what is to be sent.
   *
   * @param left at most so many; below 0: all
   * @return how many; below 0: it is over
   */
  public static int next(InputStream content, byte[] piece, long left) throws Unreadable {
    try {
      return content.read(piece, 0, left < 0 ? piece.length : (int) Math.min(piece.length, left));
    } catch (IOException e) {
      throw new Unreadable(e);
    }
  }

  private Head answer(String method, boolean isLast) throws IOException {
    String line = first();
    while (line.startsWith("HTTP/1.1 1")) { // informational
      while (!line().isEmpty()) {
        // its headers
      }
      line = line();
    }
    if (!line.matches("HTTP/1\\.[01] \\d{3}.*")) {
      throw new IOException("it speaks no HTTP");
    }
    int status = Integer.parseInt(line.substring(STATUS_AT, STATUS_AT + 3));
    Map<String, String> headers = headers();
    boolean isEmpty = method.equals("HEAD") || status == 204 || status == 304;
    boolean isChunked = headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked");
    boolean isBounded = isEmpty || isChunked || headers.containsKey("content-length");
    boolean ends = isLast || !isBounded || headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    return new Head(status, headers, isEmpty ? InputStream.nullInputStream() : body(headers, isChunked), ends);
  }

  /** What comes of a connection that the other side closed meanwhile is no answer. */
  private String first() throws IOException {
    try {
      return line();
    } catch (Gone | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new Gone("the connection broke before the answer: " + e.getMessage());
    }
  }

  private InputStream body(Map<String, String> headers, boolean isChunked) throws IOException {
    if (isChunked) {
      return new Chunks(in);
    }
    String length = headers.get("content-length");
    if (length == null) {
      return in;
    }
    try {
      return new Bounded(in, Long.parseLong(length));
    } catch (NumberFormatException e) {
      throw new IOException("it speaks no HTTP: its answer has the length " + length, e);
    }
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.putIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new Gone("the connection ended before the answer");
      }
      if (line.size() == LONGEST_LINE) {
        throw new IOException("it speaks no HTTP: a line of its answer is longer than " + LONGEST_LINE + " bytes");
      }
      line.write(next);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
