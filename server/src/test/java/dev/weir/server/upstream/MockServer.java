package dev.weir.server.upstream;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

import dev.weir.server.upstream.MockRequest.MockHeader;

/**
 * An HTTP/1.1 server on a real socket of the loopback interface, made for tests: it can cut, stall and damage what it
 * sends, and remembers every request and every range of bytes that it sent. One virtual thread a connection.
 */
public final class MockServer implements AutoCloseable {
  /** Decides what to answer. */
  @FunctionalInterface
  public interface Handler {
    MockAnswer answer(MockRequest request);
  }

  private static final int BUFFER = 64 * 1024;
  private static final int PIECE = 8 * 1024;

  private final ServerSocket listener;
  private final boolean isTls;
  private final Handler handler;
  private final FaultScript script;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<MockRequest> requests = new CopyOnWriteArrayList<>();
  private static final Duration LONGEST_NOTING = Duration.ofSeconds(1);

  /** Bodies whose bytes are on their way out and not noted yet. */
  private final AtomicInteger writing = new AtomicInteger();
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final AtomicInteger sending = new AtomicInteger();
  private final Gate gate = new Gate();
  /** In bytes a second, of each body. */
  private volatile long pace = Long.MAX_VALUE;

  private MockServer(ServerSocket listener, boolean isTls, FaultScript script, Handler handler) {
    this.listener = listener;
    this.isTls = isTls;
    this.script = script;
    this.handler = handler;
    Thread.ofVirtual().name("mock-accept").start(this::accept);
  }

  public static MockServer http(Handler handler) {
    return http(new FaultScript(), handler);
  }

  static MockServer http(FaultScript script, Handler handler) {
    try {
      return new MockServer(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), false, script, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static MockServer https(SSLContext tls, Handler handler) {
    return https(tls, new FaultScript(), handler);
  }

  static MockServer https(SSLContext tls, FaultScript script, Handler handler) {
    try {
      return new MockServer(
          tls.getServerSocketFactory().createServerSocket(0, 1024, InetAddress.getLoopbackAddress()), true, script,
          handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** {@code http://127.0.0.1:port}. */
  public URI uri() {
    return URI.create((isTls ? "https" : "http") + "://127.0.0.1:" + port());
  }

  /** All requests so far, in the order they came. */
  public List<MockRequest> requests() {
    return List.copyOf(requests);
  }

  /** All requests so far, as {@code GET /path?query [range]}. */
  public List<String> log() {
    return requests.stream().map(MockRequest::toString).toList();
  }

  public List<Delivery> deliveries() {
    awaitNoted();
    return List.copyOf(deliveries);
  }

  /** How many bodies are on their way now. */
  public int sending() {
    return sending.get();
  }

  /** Holds every body back once this many of its bytes are sent, until told to go on. */
  public void pauseBodiesAfter(long bytes) {
    gate.pauseAfter(bytes);
  }

  /** Sends each body no faster than this. */
  public void paceBodies(long bytesPerSecond) {
    pace = bytesPerSecond;
  }

  public void resumeBodies() {
    gate.open();
  }

  /** Goes wrong with the next request whose target contains {@code part}; several such take turns. */
  public void next(String part, Fault fault) {
    script.add(part, fault);
  }

  /** Nothing of what was delivered until now is told later. */
  public void forget() {
    awaitNoted();
    requests.clear();
    deliveries.clear();
  }

  /** Ends every connection at once; new ones are welcome. */
  public void cutConnections() {
    open.forEach(MockServer::closeQuietly);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    gate.open();
    cutConnections();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().name("mock-connection").start(() -> serve(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** A client may have read the last bytes before they are noted here. A write that its client holds up is not waited for. */
  private void awaitNoted() {
    long deadline = System.nanoTime() + LONGEST_NOTING.toNanos();
    while (writing.get() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(100_000);
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSendBufferSize(BUFFER);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean again = true;
      while (again) {
        Optional<MockRequest> request = read(in);
        again = request.isPresent() && respond(request.get(), socket);
      }
    } catch (IOException e) {
      // the client left, or the test closes the server
    } finally {
      open.remove(socket);
    }
  }

  private boolean respond(MockRequest request, Socket socket) throws IOException {
    requests.add(request);
    Fault fault = script.take(request.target());
    if (fault instanceof Fault.HangUp) {
      return false;
    }
    if (fault instanceof Fault.NoAnswer) {
      waitForEnd(socket);
      return false;
    }
    MockAnswer answer = answer(request, fault);
    OutputStream out = socket.getOutputStream();
    out.write(head(answer).getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return request.method().equals("HEAD") || (send(request, answer, fault, socket) && answer.hasLength());
  }

  private MockAnswer answer(MockRequest request, Fault fault) {
    if (fault instanceof Fault.Instead instead) {
      return instead.answer();
    }
    return handler.answer(fault instanceof Fault.IgnoreRange ? withoutRange(request) : request);
  }

  /** Whether the whole body went out, and the connection is still good. */
  private boolean send(MockRequest request, MockAnswer answer, Fault fault, Socket socket) throws IOException {
    byte[] body = answer.body().clone();
    if (fault instanceof Fault.FlipAt flip) {
      body[(int) flip.position()] ^= 1;
    }
    int end = (int) Math.min(body.length, end(fault));
    write(request, answer.from(answer.offset(), body), end, fault, socket);
    if (fault instanceof Fault.StallAt) {
      waitForEnd(socket);
    } else if (fault instanceof Fault.ResetAt) {
      socket.setSoLinger(true, 0);
    }
    return end == body.length;
  }

  private static long end(Fault fault) {
    return switch (fault) {
      case Fault.CutAt cut -> cut.bytes();
      case Fault.ResetAt reset -> reset.bytes();
      case Fault.StallAt stall -> stall.bytes();
      case Fault.None none -> Long.MAX_VALUE;
      case Fault.FlipAt flip -> Long.MAX_VALUE;
      case Fault.NoAnswer nothing -> 0;
      case Fault.HangUp nothing -> 0;
      case Fault.IgnoreRange ignored -> Long.MAX_VALUE;
      case Fault.Slow slow -> Long.MAX_VALUE;
      case Fault.Instead instead -> Long.MAX_VALUE;
    };
  }

  private void write(MockRequest request, MockAnswer answer, int end, Fault fault, Socket socket) throws IOException {
    int sent = 0;
    Pacing pacing = new Pacing(rate(fault));
    boolean counted = false;
    sending.incrementAndGet();
    try {
      while (sent < end) {
        long allowed = gate.awaitBeyond(sent);
        int piece = (int) Math.min(Math.min(PIECE, end - sent), allowed - sent);
        writing.incrementAndGet();
        counted = true;
        socket.getOutputStream().write(answer.body(), sent, piece);
        sent += piece;
        if (sent < end) {
          writing.decrementAndGet();
          counted = false;
        }
        pacing.keep(rate(fault), sent);
      }
      socket.getOutputStream().flush();
    } finally {
      sending.decrementAndGet();
      if (sent > 0) {
        deliveries.add(new Delivery(request.path(), answer.offset(), answer.offset() + sent));
      }
      if (counted) {
        writing.decrementAndGet();
      }
    }
  }

  private long rate(Fault fault) {
    return fault instanceof Fault.Slow slow ? slow.bytesPerSecond() : pace;
  }

  private static MockRequest withoutRange(MockRequest request) {
    return new MockRequest(request.method(), request.target(),
        request.headers().stream().filter(it -> !it.name().equalsIgnoreCase("Range")).toList());
  }

  private static void waitForEnd(Socket socket) throws IOException {
    while (socket.getInputStream().read() >= 0) {
      // until the other side gives up
    }
  }

  private static String head(MockAnswer answer) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Whatever\r\n");
    answer.headers().forEach(it -> head.append(it.name()).append(": ").append(it.value()).append("\r\n"));
    boolean stated = answer.headers().stream().anyMatch(it -> it.name().equalsIgnoreCase("Content-Length"));
    if (answer.hasLength() && !stated) {
      head.append("Content-Length: ").append(answer.body().length).append("\r\n");
    } else if (!answer.hasLength()) {
      head.append("Connection: close\r\n");
    }
    return head.append("\r\n").toString();
  }

  private static Optional<MockRequest> read(InputStream in) throws IOException {
    String start = line(in);
    if (start.isEmpty()) {
      return Optional.empty();
    }
    String[] parts = start.split(" ", 3);
    List<MockHeader> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.add(new MockHeader(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    String target = parts[1].replaceFirst("^http://[^/]*", ""); // as it comes through a proxy
    MockRequest request = new MockRequest(parts[0], target, List.copyOf(headers));
    in.skipNBytes(request.header("Content-Length").map(Long::parseLong).orElse(0L));
    return Optional.of(request);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }
}
