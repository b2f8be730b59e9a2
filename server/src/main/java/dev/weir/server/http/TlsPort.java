package dev.weir.server.http;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The first part of a connection to a port that speaks TLS. Tells by the first byte whether the client does too: then it
 * makes way for the handshake, else the client is told in plain HTTP, which is all it understands.
 *
 * <p>Everything in it happens on the channel's event loop.
 */
final class TlsPort extends ByteToMessageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(TlsPort.class);
  private static final AttributeKey<X509Certificate> CLIENT = AttributeKey.valueOf("client-certificate");
  private static final Duration FAREWELL = Duration.ofSeconds(2);
  private static final String SENTENCE = "This port speaks TLS, and the request came in plain HTTP: use https://\n";
  private static final byte[] NOT_PLAIN = ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
      + "Connection: close\r\nContent-Length: " + SENTENCE.length() + "\r\n\r\n" + SENTENCE).getBytes(US_ASCII);

  private final TlsSetup setup;
  private boolean refused;
  private @Nullable Future<?> timer;

  TlsPort(TlsSetup setup) {
    this.setup = setup;
  }

  /** Whether what goes through {@code channel} is encrypted. */
  static boolean isOn(Channel channel) {
    return channel.pipeline().get(SslHandler.class) != null;
  }

  /** What the client showed and a client CA vouches for. */
  static Optional<X509Certificate> clientCertificate(Channel channel) {
    return Optional.ofNullable(channel.attr(CLIENT).get());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    closeAfter(setup.handshakeTimeout(), ctx);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (refused) {
      in.skipBytes(in.readableBytes());
    } else if (Character.isUpperCase(in.getByte(in.readerIndex()))) {
      refuse(ctx, in);
    } else {
      SslHandler handler = setup.newHandler(ctx.alloc());
      ctx.pipeline().replace(this, "tls", handler);
      handler.handshakeFuture().addListener(done -> shookHands(ctx.channel(), handler, done.cause()));
    }
  }

  /** The client's own bytes are read on for a while: closing with some unread would take the answer from it. */
  private void refuse(ChannelHandlerContext ctx, ByteBuf in) {
    refused = true;
    in.skipBytes(in.readableBytes());
    closeAfter(FAREWELL, ctx);
    var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(NOT_PLAIN));
    if (ctx.channel() instanceof DuplexChannel socket) {
      var _ = socket.shutdownOutput();
    }
  }

  private static void shookHands(Channel channel, SslHandler handler, @Nullable Throwable failure) {
    if (failure == null) {
      channel.attr(CLIENT).set(peer(handler));
    } else if (!channel.isActive()) {
      LOG.debug("{} left during the TLS handshake: {}", channel.remoteAddress(), failure.toString());
    } else {
      LOG.info("no TLS with {}: {}", channel.remoteAddress(), failure.getMessage());
    }
  }

  private static @Nullable X509Certificate peer(SslHandler handler) {
    try {
      return handler.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate shown ? shown : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  private void closeAfter(Duration time, ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel(false);
    }
    timer = ctx.executor().schedule(() -> {
      var _ = ctx.close();
    }, time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
