package dev.weir.server.upstream;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sends requests whose answers are large: over HTTP/1.1, one to a connection, and read by whoever wants the bytes. The
 * request itself has a thread of its own, so that whoever waits for the answer can leave.
 */
final class BulkWire implements AutoCloseable {
  private static final Duration REST = Duration.ofSeconds(20);

  private final Duration idle;
  private final Lines lines;
  private final Proxies proxies;

  /** @param idle how long a body may bring nothing */
  BulkWire(Duration idle, Dialer dialer, Proxies proxies) {
    this.idle = idle;
    this.lines = new Lines(dialer, REST);
    this.proxies = proxies;
  }

  /** Whoever cancels the answer ends what is under way for it. */
  CompletableFuture<Reply> send(String action, HttpRequest request) {
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    Leash leash = new Leash();
    var _ = answer.whenComplete((reply, failure) -> {
      if (answer.isCancelled()) {
        leash.cut();
      }
    });
    Thread.ofVirtual().name("ask " + request.uri().getHost()).start(() -> run(action, request, leash, answer));
    return answer;
  }

  @SuppressWarnings("CatchingUnchecked") // told to whoever waits
  private void run(String action, HttpRequest request, Leash leash, CompletableFuture<Reply> answer) {
    try {
      Reply reply = ask(action, request, leash);
      if (!answer.complete(reply)) {
        reply.close();
      }
    } catch (Throwable e) {
      answer.completeExceptionally(e);
    }
  }

  private Reply ask(String action, HttpRequest request, Leash leash) throws IOException {
    try {
      return askTwice(action, request, leash);
    } catch (Dialer.NoTunnel e) {
      return new Reply(e.answer().status(), e.answer().headers(), new NoBody(action), request.uri());
    }
  }

  /** Once more, if the connection ends before the answer begins: one that rested may have been closed long ago. */
  private Reply askTwice(String action, HttpRequest request, Leash leash) throws IOException {
    Origin to = Origin.of(request.uri());
    Optional<Line> rested = lines.resting(to);
    try {
      return ask(action, request, rested.isPresent() ? rested.get() : lines.fresh(to, leash), leash);
    } catch (Line.Silence e) {
      return ask(action, request, lines.fresh(to, leash), leash);
    }
  }

  private Reply ask(String action, HttpRequest request, Line line, Leash leash) throws IOException {
    try {
      leash.hold(line::close);
      Head head = line.ask(ByteBuffer.wrap(written(request).getBytes(StandardCharsets.ISO_8859_1)));
      if (head.status() == 101) {
        throw new IOException("101 without being asked");
      }
      return new Reply(head.status(), head.headers(), new LineBody(action, line, lines, head, idle), request.uri());
    } catch (IOException | RuntimeException | Error e) {
      line.close();
      throw e;
    }
  }

  /** As it goes over the line; whoever built it has looked at names and values. */
  private String written(HttpRequest request) {
    URI uri = URI.create(request.uri().toASCIIString());
    Origin to = Origin.of(uri);
    boolean isForwarded = proxies.of(to).isPresent() && !to.isHttps();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    StringBuilder text = new StringBuilder(request.method()).append(' ').append(isForwarded ? to.toString() : "")
        .append(path).append(query).append(" HTTP/1.1\r\nHost: ").append(to.hostAndPort())
        .append("\r\n");
    request.headers().map().forEach((name, values) -> {
      if (isForwarded || !name.equalsIgnoreCase("Proxy-Authorization")) {
        values.forEach(value -> text.append(name).append(": ").append(value).append("\r\n"));
      }
    });
    return text.append("\r\n").toString();
  }

  @Override
  public void close() {
    lines.close();
  }

  /** Of an answer that has none. */
  private record NoBody(String action) implements Body {
    @Override
    public Optional<ByteBuffer> next() {
      return Optional.empty();
    }

    @Override
    public void close() {
      // nothing runs
    }
  }
}
