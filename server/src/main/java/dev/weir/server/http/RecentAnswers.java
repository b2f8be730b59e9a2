package dev.weir.server.http;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The answers of the last moment, to be given again, without asking anybody, to whoever sends the same request: a herd of
 * nodes that pull one image asks for its manifest all at once. Thread-safe, and never waits.
 *
 * <p>It is the same answer by construction: a request counts as the same if its method, its target and every header
 * field are, credentials among them, but for those that no answer depends on. What somebody changes here is seen at once;
 * what changes elsewhere (files, rules, passwords, an upstream's tags) within half a second.
 *
 * <p>Requests are known by a keyed hash alone, since credentials are part of them.
 */
public final class RecentAnswers {
  /** Short beside the seconds in which rules and passwords are to be taken up, long beside the gaps within a herd. */
  private static final Duration LIFE = Duration.ofMillis(500);
  private static final int MOST_BYTES = 16 << 20;
  /** Of one answer, and of one request's header. */
  static final int LONGEST_ANSWER = 256 << 10;
  private static final int LONGEST_REQUEST = 16 << 10;
  /** What an entry costs beside its bytes. */
  private static final int OVERHEAD = 300;

  /** Fields that tell of the client, or of the way here, and change no answer. */
  private static final List<String> INDIFFERENT = List.of("user-agent", "x-forwarded-for", "x-forwarded-port",
      "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-request-id", "traceparent", "tracestate");

  /** Files that are kept open at a time. */
  static final int MOST_FILES = 64;

  private final byte[] secret = new byte[32];
  private final Cache<ByteBuffer, Remembered> answers;
  private final LongSupplier version;
  private final Ticker nanoTime;
  private final Duration life;
  /** Those that keep a file open, one way or another for {@link #life} at most. */
  private final Set<RecentBlob> open = ConcurrentHashMap.newKeySet();

  /** Of those, how many more there may be. */
  private final Semaphore files = new Semaphore(MOST_FILES);

  private record Remembered(Moment begun, Recent answer) {}

  /** When an answer was begun: at what time, and after which changes. */
  record Moment(long version, long nanos) {}

  /**
   * An empty memory.
   *
   * @param most how long what an answer says may be known, should half a second be too long
   * @param version another number after every change to what an answer may show
   */
  public RecentAnswers(Duration most, LongSupplier version) {
    this(most, version, Ticker.systemTicker());
  }

  RecentAnswers(Duration most, LongSupplier version, Ticker nanoTime) {
    new SecureRandom().nextBytes(secret);
    this.nanoTime = nanoTime;
    this.version = version;
    this.life = most.compareTo(LIFE) < 0 ? most : LIFE;
    this.answers = Caffeine.newBuilder().maximumWeight(MOST_BYTES)
        .weigher((ByteBuffer key, Remembered value) -> value.answer().size() + OVERHEAD)
        .expireAfterWrite(life)
        .ticker(nanoTime).executor(Runnable::run).build();
  }

  /** One that remembers nothing, for a server whose answers change by themselves. */
  static RecentAnswers none() {
    return new RecentAnswers(Duration.ZERO, () -> 0);
  }

  /** To be asked before an answer is worked out, for {@link #remember}. */
  Moment now() {
    return new Moment(version.getAsLong(), nanoTime.read());
  }

  /** What was answered to the same request a moment ago, and holds still. */
  Optional<Recent> find(HttpRequest request) {
    ByteBuffer key = key(request);
    return key == null ? Optional.empty() : find(key);
  }

  private Optional<Recent> find(ByteBuffer key) {
    Remembered found = answers.getIfPresent(key);
    if (found == null || isChangedSince(found.begun()) || left(found.begun()) <= 0
        || (found.answer() instanceof RecentBlob blob && !open.contains(blob))) {
      return Optional.empty();
    }
    return Optional.of(found.answer());
  }

  /**
   * Keeps an answer, unless what it says may be known for too long already: somebody waited for upstream, or took his time
   * to read.
   *
   * @param begun from before anything that the answer says was looked at
   */
  void remember(HttpRequest request, RecentAnswer answer, Moment begun) {
    ByteBuffer key = key(request);
    if (key != null && answer.size() <= LONGEST_ANSWER && left(begun) > 0) {
      answers.put(key, new Remembered(begun, answer));
    }
  }

  /**
   * Keeps a blob that is about to be sent, as {@link #remember} does an answer, unless another like it or so many files are
   * kept.
   *
   * @param opening makes the blob, if there is anything to make it of; asked only if it is to be kept
   * @param timer ends it
   */
  void keep(HttpRequest request, Supplier<Optional<RecentBlob>> opening, Moment begun, EventExecutor timer) {
    ByteBuffer key = key(request);
    if (key == null || left(begun) <= 0 || find(key).isPresent() || !files.tryAcquire()) {
      return;
    }
    Optional<RecentBlob> opened = Optional.empty();
    try {
      opened = opening.get();
    } finally {
      if (opened.isEmpty()) {
        files.release();
      }
    }
    opened.ifPresent(blob -> keep(key, blob, begun, timer));
  }

  private void keep(ByteBuffer key, RecentBlob blob, Moment begun, EventExecutor timer) {
    open.add(blob);
    if (isChangedSince(begun)) { // from here on, whoever changes something finds it among those that are open
      drop(blob);
      return;
    }
    answers.put(key, new Remembered(begun, blob));
    try {
      var _ = timer.schedule(() -> drop(blob), left(begun), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      drop(blob); // the server stops
    }
  }

  private boolean isChangedSince(Moment begun) {
    return begun.version() != version.getAsLong();
  }

  /** How long an answer may still be given, in nanoseconds: not at all if that is not above 0. */
  private long left(Moment begun) {
    return life.toNanos() - (nanoTime.read() - begun.nanos());
  }

  private void drop(RecentBlob blob) {
    if (open.remove(blob)) {
      blob.close();
      files.release();
    }
  }

  /** Keeps no file open any longer: something has changed, and the file may have lost its name. */
  public void dropFiles() {
    open.forEach(this::drop);
  }

  int files() {
    return open.size();
  }

  /** Null: not a request whose answer could be given again. */
  private @Nullable ByteBuffer key(HttpRequest request) {
    if (!mayBeRepeated(request)) {
      return null;
    }
    StringBuilder text = new StringBuilder(512).append(request.method()).append(' ').append(request.uri());
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = request.headers().iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      String name = field.getKey().toString();
      if (!isIndifferent(name)) {
        text.append('\n').append(name).append(':').append(field.getValue());
      }
    }
    return text.length() > LONGEST_REQUEST ? null : hash(text.toString());
  }

  /** One that leaves the connection open, and has no body. */
  private static boolean mayBeRepeated(HttpRequest request) {
    boolean reads = request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    return reads && request.decoderResult().isSuccess() && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && HttpUtil.isKeepAlive(request) && !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
        && !request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
        && !request.headers().contains(HttpHeaderNames.EXPECT) && !request.headers().contains(HttpHeaderNames.UPGRADE);
  }

  private static boolean isIndifferent(String name) {
    for (String indifferent : INDIFFERENT) {
      if (indifferent.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  private ByteBuffer hash(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(secret);
      return ByteBuffer.wrap(sha256.digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
