package dev.weir.storage.s3;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Asks for objects past the SDK, so that no thread waits for their bytes and nobody copies them. It tries once and soon gives up:
 * whatever is not plainly the object is left to the SDK, to ask for again and to judge. Thread-safe.
 */
final class Shortcut implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shortcut.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  /** A server that takes no signed addresses, or is away, is not asked twice each time. */
  private static final Duration AVOIDED = Duration.ofSeconds(30);

  private final Addresses addresses;
  private final Sockets sockets;
  private final Predicate<String> isProxied;
  private final String userAgent;
  private volatile long avoidedUntil = System.nanoTime();

  /** @param isProxied of a host: a proxy stands before it, and that is for the SDK */
  Shortcut(Addresses addresses, Sockets sockets, Predicate<String> isProxied, String userAgent) {
    this.addresses = addresses;
    this.sockets = sockets;
    this.isProxied = isProxied;
    this.userAgent = userAgent;
  }

  /** An object on its way; whoever has it closes the arrival. */
  record Found(long size, String entityTag, Arrival arrival) {}

  /** All of an object. Empty: the SDK has to be asked. */
  Optional<Found> ask(String key) {
    if (System.nanoTime() - avoidedUntil < 0) {
      return Optional.empty();
    }
    try {
      URI address = addresses.of(key);
      if (isProxied.test(address.getHost())) {
        return Optional.empty();
      }
      Optional<Channel> rested = sockets.rested();
      Channel channel = rested.isPresent() ? rested.get() : sockets.fresh(address);
      return ask(key, new Arrival(channel, sockets::rest), address, rested.isPresent());
    } catch (IOException | SdkException e) {
      avoid(key, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Found> ask(String key, Arrival arrival, URI address, boolean isRested) {
    try {
      HttpResponse head = arrival.ask(request(address)).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      Optional<Found> found = found(head, arrival);
      if (found.isPresent()) {
        return found;
      }
      if (head.status().code() != 404) { // which is about this object
        avoid(key, head.status().toString());
      }
    } catch (ExecutionException e) {
      if (!isRested) { // or the server may have closed it long ago
        avoid(key, String.valueOf(e.getCause()));
      }
    } catch (TimeoutException e) {
      avoid(key, "no answer within " + PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    arrival.close();
    return Optional.empty();
  }

  private void avoid(String key, String why) {
    LOG.debug("read {}: left to the SDK for a while: {}", key, why);
    avoidedUntil = System.nanoTime() + AVOIDED.toNanos();
  }

  /** For tests: what went before is forgotten. */
  void dare() {
    avoidedUntil = System.nanoTime();
  }

  private FullHttpRequest request(URI address) {
    FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET,
        address.getRawPath() + "?" + address.getRawQuery(), Unpooled.EMPTY_BUFFER);
    request.headers().set(HttpHeaderNames.HOST, address.getRawAuthority()).set(HttpHeaderNames.USER_AGENT, userAgent);
    return request;
  }

  /** Whatever else it may be, the SDK knows better. */
  private static Optional<Found> found(HttpResponse head, Arrival arrival) {
    HttpHeaders headers = head.headers();
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH, "");
    String entityTag = headers.get(HttpHeaderNames.ETAG, "");
    boolean isPlain = head.status().code() == 200 && length.matches("[0-9]{1,18}") && !entityTag.isEmpty()
        && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING) && !headers.contains(HttpHeaderNames.CONTENT_ENCODING)
        && !headers.contains(HttpHeaderNames.CONTENT_RANGE);
    return isPlain ? Optional.of(new Found(Long.parseLong(length), entityTag, arrival)) : Optional.empty();
  }

  @Override
  public void close() {
    sockets.close();
    addresses.close();
  }
}
