package dev.weir.server.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.upstream.Call.Header;
import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.server.upstream.UpstreamSettings.Patience;

/** Sends single requests and waits for the headers of their answers. Follows nothing, adds no credentials but a proxy's. */
final class Wire implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

  private final Patience patience;
  private final Proxies proxies;
  private final Trusted trusted;
  private final BulkWire bulk;
  private final ReentrantLock lock = new ReentrantLock();
  /** Made on first use: it costs a thread, and its authorities a tenth of a second. */
  @GuardedBy("lock") private @Nullable HttpClient client;
  /** The same for what is large. */
  @GuardedBy("lock") private @Nullable TlsClient bulkTls;

  /** Whom to trust; may read files. */
  @FunctionalInterface
  interface Trusted {
    X509TrustManager manager() throws IOException;
  }

  Wire(Patience patience, Network network, Trusted trusted) {
    this.patience = patience;
    this.proxies = network.proxies();
    this.trusted = trusted;
    this.bulk = new BulkWire(patience.idle(),
        new Dialer(patience.connect(), proxies, network.buffers(), this::bulkTls), proxies);
  }

  private HttpClient client() throws IOException {
    lock.lock();
    try {
      HttpClient known = client;
      if (known == null) {
        known = newClient(TlsClient.context(trusted.manager()));
        client = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private TlsClient bulkTls() throws IOException {
    lock.lock();
    try {
      TlsClient known = bulkTls;
      if (known == null) {
        known = TlsClient.trusting(trusted.manager());
        bulkTls = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private HttpClient newClient(SSLContext context) {
    return HttpClient.newBuilder().connectTimeout(patience.connect()).followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("upstream-", 0).factory()))
        .proxy(new Selector(proxies)).sslContext(context).build();
  }

  /** @param address absolute, http or https, with a host */
  Reply send(String action, String method, URI address, List<Header> headers, boolean isBulk) throws UpstreamException {
    HttpRequest request = request(action, method, address, headers, isBulk);
    Reply reply = await(action, Origin.of(address), isBulk ? sendBulk(action, request) : send(action, request));
    LOG.debug("{}: {} {} {}: {}", action, method, Origin.of(address), address.getRawPath(), reply.status());
    return reply;
  }

  private CompletableFuture<Reply> sendBulk(String action, HttpRequest request) throws UpstreamException {
    try {
      if (Origin.of(request.uri()).isHttps()) {
        var _ = bulkTls(); // files that cannot be read are no trouble of the connection's
      }
    } catch (IOException e) {
      throw untrusting(action, e);
    }
    return bulk.send(action, request);
  }

  private CompletableFuture<Reply> send(String action, HttpRequest request) throws UpstreamException {
    CompletableFuture<HttpResponse<BodyQueue>> answer;
    try {
      answer = client().sendAsync(request, head -> new BodyQueue(action, patience.idle()));
    } catch (IOException e) {
      throw untrusting(action, e);
    }
    CompletableFuture<Reply> reply = answer.thenApply(response -> new Reply(response.statusCode(), response.headers(),
        body(action, response), request.uri()));
    var _ = reply.whenComplete((given, failure) -> {
      if (reply.isCancelled()) {
        answer.cancel(true);
      }
    });
    return reply;
  }

  private static UpstreamException untrusting(String action, IOException e) {
    return new UpstreamException(Kind.FAILED, action, String.valueOf(e.getMessage()), e);
  }

  /** The JDK has none for the answer of a proxy that opens no tunnel. */
  private BodyQueue body(String action, HttpResponse<BodyQueue> response) {
    return Optional.ofNullable(response.body()).orElseGet(() -> {
      BodyQueue none = new BodyQueue(action, patience.idle());
      none.onComplete();
      return none;
    });
  }

  private HttpRequest request(String action, String method, URI address, List<Header> headers, boolean isBulk)
      throws UpstreamException {
    boolean multiplexed = !isBulk && Origin.of(address).isHttps();
    try {
      HttpRequest.Builder builder = HttpRequest.newBuilder(address).method(method, HttpRequest.BodyPublishers.noBody())
          .version(multiplexed ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
          .header("User-Agent", "weir").header("Accept-Encoding", "identity");
      headers.forEach(header -> builder.header(header.name(), header.value()));
      proxies.of(address).flatMap(Proxies.Server::credentials)
          .ifPresent(credentials -> builder.header("Proxy-Authorization", credentials.basic()));
      return builder.build();
    } catch (@SuppressWarnings("UnusedException") IllegalArgumentException e) { // its message would show the address
      throw UpstreamException.failed(action, "an address that cannot be asked, at " + Origin.of(address).hostAndPort());
    }
  }

  private Reply await(String action, Origin origin, CompletableFuture<Reply> answer) throws UpstreamException {
    try {
      return answer.get(patience.response().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (!answer.cancel(true) && answer.state() == CompletableFuture.State.SUCCESS) {
        return answer.resultNow();
      }
      throw new UpstreamException(Kind.TIMED_OUT, action,
          origin.hostAndPort() + " did not answer within " + shown(patience.response()), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new UpstreamException(Kind.FAILED, action, "interrupted", e);
    } catch (CancellationException e) {
      throw new UpstreamException(Kind.FAILED, action, "weir is stopping", e);
    } catch (ExecutionException e) {
      throw broken(action, origin, e.getCause() == null ? e : e.getCause());
    }
  }

  private static UpstreamException broken(String action, Origin origin, Throwable cause) {
    String host = origin.hostAndPort();
    if (cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException) {
      return new UpstreamException(Kind.TIMED_OUT, action, "no connection to " + host + " in time", cause);
    }
    return new UpstreamException(Kind.FAILED, action, trouble(origin, cause), cause).asOutage();
  }

  private static String trouble(Origin origin, Throwable cause) {
    String host = origin.hostAndPort();
    return switch (cause) {
      case ConnectException e -> e.getCause() instanceof UnresolvedAddressException
          ? "nobody knows the host name " + origin.host()
          : "no connection to " + host + Text.inBrackets(e.getMessage());
      case UnknownHostException e -> "nobody knows the host name " + origin.host();
      case SSLException e -> "no trusted TLS with " + host + Text.inBrackets(e.getMessage());
      case IOException e -> "the connection to " + host + " broke before an answer" + Text.inBrackets(e.getMessage());
      default -> "the request to " + host + " could not be made";
    };
  }

  /** For sentences. */
  String proxyFor(URI address) {
    return proxies.of(address).map(server -> "the proxy " + server.host() + ":" + server.port()).orElse("a proxy");
  }

  static String shown(Duration duration) {
    return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (client != null) {
        client.shutdownNow();
      }
      bulk.close();
      if (bulkTls != null) {
        bulkTls.close();
      }
    } finally {
      lock.unlock();
    }
  }

  private static final class Selector extends ProxySelector {
    private final Proxies proxies;

    Selector(Proxies proxies) {
      this.proxies = proxies;
    }

    @Override
    public List<Proxy> select(URI target) {
      return proxies.of(target)
          .map(server -> List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(server.host(), server.port()))))
          .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI target, SocketAddress proxy, IOException cause) {
      LOG.debug("proxy {} cannot be reached: {}", proxy, cause.getMessage());
    }
  }
}
