package dev.weir.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.weir.auth.AccessRules;
import dev.weir.server.http.HttpServer.Entrance;
import dev.weir.server.push.Completion;
import dev.weir.server.push.Mounts;
import dev.weir.server.push.PushPolicy;
import dev.weir.server.push.PushedManifests;
import dev.weir.server.push.Pushing;
import dev.weir.server.push.Seal;
import dev.weir.server.push.Uploads;
import dev.weir.storage.Content;
import dev.weir.storage.InMemoryObjectStore;

/** A server on a port of its own, and what it said of its requests. */
final class TestServer implements AutoCloseable {
  /** Nothing in a test waits for these, unless it is about them. */
  static final HttpLimits LIMITS = HttpLimits.DEFAULT.withDrainTimeout(Duration.ofMillis(200));

  /** For tests of what is pulled: a push ends at the policy and goes no further. */
  private static final Pushing NO_PUSHES = pushing();

  final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final EventLoops loops;
  private final HttpServer server;

  private TestServer(EventLoops loops, RequestHandler handler, HttpLimits limits) throws IOException {
    this(loops, InetAddress.getLoopbackAddress(), Entrance.PLAIN, handler, limits);
  }

  private TestServer(EventLoops loops, InetAddress address, Entrance entrance, RequestHandler handler,
      HttpLimits limits) throws IOException {
    this(loops, address, entrance, handler, limits, RecentAnswers.none());
  }

  private TestServer(EventLoops loops, InetAddress address, Entrance entrance, RequestHandler handler,
      HttpLimits limits, RecentAnswers recent) throws IOException {
    this.loops = loops;
    this.server = HttpServer.start(loops, new InetSocketAddress(address, 0), entrance, handler, limits, recent,
        answers::add);
  }

  static TestServer tls(TlsSetup tls, RequestHandler handler) throws IOException {
    return tls(InetAddress.getLoopbackAddress(), tls, handler, LIMITS);
  }

  static TestServer tls(InetAddress address, TlsSetup tls, RequestHandler handler, HttpLimits limits)
      throws IOException {
    return at(address, new Entrance(Optional.of(tls), TrustedProxies.NONE), handler, limits);
  }

  static TestServer at(InetAddress address, Entrance entrance, RequestHandler handler, HttpLimits limits)
      throws IOException {
    return new TestServer(EventLoops.start(2), address, entrance, handler, limits);
  }

  /** @param writeTimeout how long a client may take nothing */
  static HttpLimits limits(Duration writeTimeout) {
    return new HttpLimits(LIMITS.requestLineBytes(), LIMITS.headerBytes(), LIMITS.headerTimeout(), LIMITS.idleTimeout(),
        LIMITS.bodyTimeout(), writeTimeout, LIMITS.discardedBytes(), LIMITS.drainTimeout(), LIMITS.manifestBytes(),
        LIMITS.connectionsPerAddress());
  }

  static TestServer of(RequestHandler handler) throws IOException {
    return of(handler, LIMITS);
  }

  static TestServer of(RequestHandler handler, HttpLimits limits) throws IOException {
    return new TestServer(EventLoops.start(2), handler, limits);
  }

  static TestServer of(RequestHandler handler, RecentAnswers recent) throws IOException {
    return of(handler, recent, LIMITS);
  }

  static TestServer of(RequestHandler handler, RecentAnswers recent, HttpLimits limits) throws IOException {
    return new TestServer(EventLoops.start(2), InetAddress.getLoopbackAddress(), Entrance.PLAIN, handler, limits,
        recent);
  }

  static TestServer tls(TlsSetup tls, RequestHandler handler, RecentAnswers recent) throws IOException {
    return new TestServer(EventLoops.start(2), InetAddress.getLoopbackAddress(),
        new Entrance(Optional.of(tls), TrustedProxies.NONE), handler, LIMITS, recent);
  }

  static TestServer portable(RequestHandler handler) throws IOException {
    return new TestServer(EventLoops.startPortable(2), handler, LIMITS);
  }

  private static Pushing pushing() {
    Content content = Content.of(new InMemoryObjectStore());
    FakeRegistry registry = new FakeRegistry();
    return new Pushing(new PushPolicy(true, false, false, Set.of(), () -> AccessRules.OPEN),
        new Uploads(Path.of("no-uploads"), content.blobs(), new Seal(new byte[]{1}), InstantSource.system()),
        new Mounts(content.blobs()),
        new PushedManifests(content, registry, new Completion(content, registry, () -> true)));
  }

  static RequestHandler registry(FakeRegistry registry) {
    return registry(registry, Door.open(), AccessRules.OPEN);
  }

  static RequestHandler registry(FakeRegistry registry, Door door, AccessRules rules) {
    Gate gate = new Gate(door, () -> rules, registry, NO_PUSHES.policy());
    return new FrontDoor(new RegistryApi(gate, registry, NO_PUSHES, registry, new ListSizes(10_000, 0), "weir-test"),
        new OperatorPages(gate, () -> "a_metric 1\n"), Optional::empty, Map.of());
  }

  RawClient connect() throws IOException {
    return new RawClient(server.port());
  }

  HttpServer server() {
    return server;
  }

  Answer nextAnswer() throws InterruptedException {
    Answer answer = answers.poll(20, TimeUnit.SECONDS);
    if (answer == null) {
      throw new AssertionError("no request ended");
    }
    return answer;
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }
}
