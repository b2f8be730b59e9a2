package dev.weir.server.http;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.EventExecutor;

import dev.weir.auth.Who;
import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.ByteRange;

/** One request and its answer, as a handler sees them. Used by the request's own thread; not thread-safe. */
public final class Exchange {
  private static final byte[] NOTHING = {};

  private final EventExecutor timer;
  private final String id;
  private final HttpRequest request;
  private final Target target;
  private final String remote;
  private final HttpLimits limits;
  private final Optional<X509Certificate> clientCertificate;
  private final boolean encrypted;
  private final RequestBody body;
  private final Response response;
  private final long startNanos = System.nanoTime();
  private Who who = Who.ANYBODY;
  private Supplier<Optional<Runnable>> places = Places.UNLIMITED;

  Exchange(String id, Channel channel, String remote, HttpRequest request, Target target, HttpLimits limits,
      DateField date,
      BooleanSupplier serverGoesOn) {
    this.timer = channel.eventLoop();
    this.id = id;
    this.request = request;
    this.target = target;
    this.remote = remote;
    this.limits = limits;
    this.clientCertificate = TlsPort.clientCertificate(channel);
    this.encrypted = TlsPort.isOn(channel);
    this.body = new RequestBody(channel, request, limits);
    this.response = new Response(channel, request, limits, date,
        () -> serverGoesOn.getAsBoolean() && body.restMayBeDiscarded());
  }

  /** Names this request in the log, and to the client where the log says more than the answer. */
  public String id() {
    return id;
  }

  public String method() {
    return request.method().name();
  }

  public boolean isHead() {
    return method().equals("HEAD");
  }

  /** Percent-decoded, begins with a slash. */
  public String path() {
    return target.path();
  }

  /** Decoded; the first value where a name is repeated. */
  public Map<String, String> query() {
    return target.query();
  }

  /** The field's value; all of them, joined by commas, where it is repeated (RFC 9110 §5.3). */
  public Optional<String> header(String name) {
    List<String> values = request.headers().getAll(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
  }

  /** The address that the client has, as far as those who may state it do, without a port. */
  public String remote() {
    return remote;
  }

  /** What one client may ask of the server. */
  HttpLimits limits() {
    return limits;
  }

  /** Whether the client speaks TLS with weir itself. */
  boolean isEncrypted() {
    return encrypted;
  }

  /** What the client showed in the TLS handshake; there only where a client CA ({@code http.tls.clientcas}) vouches for it. */
  public Optional<X509Certificate> clientCertificate() {
    return clientCertificate;
  }

  /** What the client sends along. */
  public RequestBody body() {
    return body;
  }

  /** Notes who asks, once that is proved. */
  void identify(Who proved) {
    who = proved;
  }

  /** Notes of what it has a place, which whoever is given the same answer again has to find, too. */
  void limitedBy(Supplier<Optional<Runnable>> taken) {
    places = taken;
  }

  /** Gives places of that kind, as {@link Places#take}. */
  Supplier<Optional<Runnable>> places() {
    return places;
  }

  /** Who asks. */
  public Who who() {
    return who;
  }

  /** Who asks, for the log and as the owner of uploads; {@code -}, which no user is called, for nobody in particular. */
  public String user() {
    return who.toString();
  }

  /** Adds a header field to whatever the answer will be, an error too. */
  public void always(String name, String value) {
    response.always(name, value);
  }

  /** Answers with {@code content}, whose length is added to the header; a HEAD is answered with that header alone. */
  public void respond(int status, Headers headers, byte[] content) throws IOException {
    response.respond(status, headers, content);
  }

  /** Answers with {@code Content-Length: 0}. */
  public void respond(int status, Headers headers) throws IOException {
    response.respond(status, headers, NOTHING);
  }

  /** Answers with exactly this header: for 204 and 304, which have no length, and for a HEAD that knows its own. */
  public void respondWithoutBody(int status, Headers headers) throws IOException {
    response.respondWithoutBody(status, headers);
  }

  /**
   * Answers with a stretch of a blob. The header leaves at once, the bytes as they come, at the client's pace.
   *
   * @param blob stays open; the caller closes it
   */
  public void send(int status, Headers headers, BlobBody blob, ByteRange range) throws IOException {
    response.send(status, headers, blob, range);
  }

  /**
   * Says that the answer, if it is a good one, depends on nothing but the request and what may be read here now.
   *
   * @param again told whenever it is given again
   */
  void allowRepeating(Repetition again) {
    response.allowRepeating(again);
  }

  /** Of the connection. */
  EventExecutor timer() {
    return timer;
  }

  HttpRequest request() {
    return request;
  }

  Response response() {
    return response;
  }

  /** As far as it has come. */
  Answer answer() {
    String uri = request.uri();
    int mark = uri.indexOf('?');
    return new Answer(method(), mark < 0 ? uri : uri.substring(0, mark), response.status(), response.bytes(),
        Duration.ofNanos(System.nanoTime() - startNanos), user(), id, remote());
  }
}
