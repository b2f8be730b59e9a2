package dev.weir.storage.s3;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
  private volatile long avoidedUntil = System.nanoTime();

  Shortcut(Addresses addresses, Sockets sockets) {
    this.addresses = addresses;
    this.sockets = sockets;
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
      Optional<Channel> rested = sockets.rested();
      Channel channel = rested.isPresent() ? rested.get() : sockets.fresh(address);
      Optional<Found> found = found(new Arrival(channel, sockets::rest), request(address));
      if (found.isEmpty() && rested.isEmpty()) {
        avoid(key, "not the object");
      }
      return found;
    } catch (IOException | SdkException e) {
      avoid(key, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void avoid(String key, String why) {
    LOG.debug("read {}: left to the SDK for a while: {}", key, why);
    avoidedUntil = System.nanoTime() + AVOIDED.toNanos();
  }

  private static FullHttpRequest request(URI address) {
    FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET,
        address.getRawPath() + "?" + address.getRawQuery(), Unpooled.EMPTY_BUFFER);
    request.headers().set(HttpHeaderNames.HOST,
        address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort()));
    return request;
  }

  private static Optional<Found> found(Arrival arrival, FullHttpRequest request) {
    try {
      HttpResponse head = arrival.ask(request).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      Optional<Found> found = found(head, arrival);
      if (found.isPresent()) {
        return found;
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    arrival.close();
    return Optional.empty();
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
