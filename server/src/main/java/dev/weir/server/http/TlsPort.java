package dev.weir.server.http;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first part of a connection to a port that speaks TLS. Tells by the first byte whether the client does too: then it
 * makes way for the handshake, else the client is told in plain HTTP, which is all it understands.
 *
 * <p>Everything in it happens on the channel's event loop.
 */
final class TlsPort extends ByteToMessageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(TlsPort.class);
  private static final AttributeKey<X509Certificate> CLIENT = AttributeKey.valueOf("client-certificate");
  private static final String SENTENCE = "This port speaks TLS, and the request came in plain HTTP: use https://";

  private final TlsSetup setup;
  private final Doorstep doorstep;
  private @Nullable Future<?> timer;

  TlsPort(TlsSetup setup, Doorstep doorstep) {
    this.setup = setup;
    this.doorstep = doorstep;
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
    timer = ctx.executor().schedule(() -> {
      var _ = ctx.close();
    }, setup.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (Character.isUpperCase(in.getByte(in.readerIndex()))) {
      in.skipBytes(in.readableBytes());
      ctx.pipeline().replace(this, null, new Farewell(SENTENCE));
    } else {
      SslHandler handler = setup.newHandler(ctx.alloc());
      ctx.pipeline().replace(this, "tls", handler);
      handler.handshakeFuture().addListener(done -> shookHands(ctx.channel(), handler, done.cause()));
    }
  }

  private void shookHands(Channel channel, SslHandler handler, @Nullable Throwable failure) {
    if (failure == null) {
      channel.attr(CLIENT).set(peer(handler));
    } else if (!channel.isActive()) {
      LOG.debug("{} left during the TLS handshake: {}", channel.remoteAddress(), failure.toString());
    } else {
      doorstep.noTls(channel, failure);
    }
  }

  private static @Nullable X509Certificate peer(SslHandler handler) {
    try {
      return handler.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate shown ? shown : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }
}
