package dev.weir.server.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Speaks to a registry by the OCI distribution API, on as many connections as there are requests at a time. Thread-safe;
 * every method waits for the answer.
 */
public final class RegistryClient implements AutoCloseable {
  private static final int DELETE = 0x7f;
  /** What passes by itself. */
  private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);
  private static final List<Duration> PAUSES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(4),
      Duration.ofSeconds(10));
  private static final Connection.Body NOTHING = new Connection.Body() {
    @Override
    public long length() {
      return 0;
    }

    @Override
    public InputStream open() {
      return InputStream.nullInputStream();
    }
  };

  private final Dial dial;
  private final Login login;
  private final Pause pause;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

  public RegistryClient(Dial dial, Login login) {
    this(dial, login, RegistryClient::sleep);
  }

  RegistryClient(Dial dial, Login login, Pause pause) {
    this.dial = dial;
    this.login = login;
    this.pause = pause;
  }

  /** Waits. */
  @FunctionalInterface
  interface Pause {
    void of(Duration time) throws IOException;
  }

  private static void sleep(Duration time) throws IOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while a registry was busy");
    }
  }

  /** Where it is, for a person. */
  public String shown() {
    return dial.shown();
  }

  /** As {@link #ask(String, String, Map, Connection.Body)}, without a body. */
  public Reply ask(String method, String path, Map<String, String> headers) throws IOException {
    return ask(method, path, headers, NOTHING);
  }

  /**
   * Asks once; of one that needs a login, once more with it; of one that is busy, some more times if the body can be sent
   * again. A body is sent as it comes.
   *
   * @param path and query
   * @throws IOException if there is no answer
   * @throws Connection.Unreadable if the body cannot be read
   */
  public Reply ask(String method, String path, Map<String, String> headers, Connection.Body body) throws IOException {
    Reply reply = once(method, path, headers, body);
    for (int i = 0; i < PAUSES.size() && BUSY.contains(reply.status()) && isRepeatable(path, body); i++) {
      reply.close();
      pause.of(PAUSES.get(i));
      reply = once(method, path, headers, body);
    }
    if (reply.status() == 401 && body.length() == 0
        && login.answer(reply.header("www-authenticate").orElse(""), path)) {
      reply.close();
      return once(method, path, headers, body);
    }
    return reply;
  }

  /** An upload goes on where it is, and not from its begin. */
  private static boolean isRepeatable(String path, Connection.Body body) {
    return body.length() == 0 || (body.lasts() && !path.contains("/blobs/uploads/"));
  }

  /**
   * Gets what an answer leads to: from this registry as before, from any other host without telling it who asks.
   *
   * @param reply is closed
   */
  public Reply follow(Reply reply) throws IOException {
    String location;
    try (reply) {
      location = reply.header("location")
          .orElseThrow(() -> new IOException(shown() + " leads elsewhere and does not say where"));
    }
    URI next;
    try {
      next = URI.create(dial.scheme() + "://" + dial.host()).resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException(shown() + " leads to what is no address", e);
    }
    String path = next.getRawPath() + (next.getRawQuery() == null ? "" : "?" + next.getRawQuery());
    if (dial.scheme().equals(next.getScheme()) && dial.host().equals(next.getRawAuthority())) {
      return ask("GET", path, Map.of());
    }
    RegistryClient other = new RegistryClient(dial.elsewhere(next), Login.NONE);
    Reply answer = other.ask("GET", path, Map.of());
    return new Reply(answer.status(), answer.headers(), answer.body(), () -> {
      answer.close();
      other.close();
    });
  }

  private Reply once(String method, String path, Map<String, String> headers, Connection.Body body)
      throws IOException {
    StringBuilder head = new StringBuilder(method).append(' ').append(inLine(path).replace(" ", "%20"))
        .append(" HTTP/1.1\r\nHost: ").append(dial.host()).append("\r\nUser-Agent: weir\r\n");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      head.append(header.getKey()).append(": ").append(inLine(header.getValue())).append("\r\n");
    }
    Optional<String> authorization = login.header(path);
    if (authorization.isPresent()) {
      head.append("Authorization: ").append(inLine(authorization.get())).append("\r\n");
    }
    head.append(body.length() < 0 ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length())
        .append("\r\n\r\n");
    Connection kept = idle.pollFirst();
    if (kept != null && body.lasts()) {
      try {
        return reply(kept, kept.ask(head.toString(), method, body));
      } catch (Connection.Gone e) {
        kept.close();
        kept = null;
      } catch (IOException e) {
        throw failed(kept, method, path, e);
      }
    }
    Connection connection = kept == null ? dial.connect() : kept;
    try {
      return reply(connection, connection.ask(head.toString(), method, body));
    } catch (IOException e) {
      throw failed(connection, method, path, e);
    }
  }

  /** What a disk or an answer brought may stand in it: a line break would begin a request of its own, in our name. */
  private String inLine(String text) throws IOException {
    if (!text.chars().allMatch(c -> c >= ' ' && c < DELETE)) {
      throw new IOException("cannot ask " + dial.shown() + ": a request would hold a control character");
    }
    return text;
  }

  private IOException failed(Connection connection, String method, String path, IOException e) throws IOException {
    connection.close();
    int query = path.indexOf('?');
    return e instanceof Connection.Unreadable
        ? e
        : new IOException(method + " " + (query < 0 ? path : path.substring(0, query)) + " at " + dial.shown() + ": "
            + e.getMessage(), e);
  }

  private Reply reply(Connection connection, Connection.Head head) {
    AtomicBoolean isOver = new AtomicBoolean();
    Closeable end = () -> {
      if (isOver.getAndSet(true)) {
        return; // given back once, it may be another's by now
      }
      if (head.isLast() || !isRead(head.body())) {
        connection.close();
      } else {
        idle.addFirst(connection);
      }
    };
    return new Reply(head.status(), head.headers(), head.body(), end);
  }

  /** Reads a little that may be left: an error's text. */
  private static boolean isRead(InputStream body) {
    try {
      return body.readNBytes(64 << 10).length < 64 << 10;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    for (@Nullable
    Connection each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
      each.close();
    }
  }

  /** How one proves who one is. Thread-safe. */
  public interface Login {
    /** For a socket that nobody else may open, or a registry that asks for nothing. */
    Login NONE = path -> Optional.empty();

    /** The value of {@code Authorization} for a request, if there is one. */
    Optional<String> header(String path);

    /** Takes what a registry asks for. True: it is worth another try. */
    default boolean answer(String challenge, String path) throws IOException {
      return false;
    }
  }
}
