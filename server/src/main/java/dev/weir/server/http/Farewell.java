package dev.weir.server.http;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Takes the place of a connection's first part when there will be no other: a sentence in plain HTTP, and the end. The
 * client's own bytes are read on for a while: closing with some unread would take the answer from it.
 *
 * <p>Everything in it happens on the channel's event loop.
 */
final class Farewell extends ChannelInboundHandlerAdapter {
  private static final long SECONDS = 2;

  private final String sentence;

  /** @param sentence ASCII */
  Farewell(String sentence) {
    this.sentence = sentence + "\n";
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    byte[] answer = ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
        + "Connection: close\r\nContent-Length: " + sentence.length() + "\r\n\r\n" + sentence).getBytes(US_ASCII);
    var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(answer));
    if (ctx.channel() instanceof DuplexChannel socket) {
      var _ = socket.shutdownOutput();
    }
    var closing = ctx.executor().schedule(() -> {
      var _ = ctx.close();
    }, SECONDS, TimeUnit.SECONDS);
    ctx.channel().closeFuture().addListener(closed -> closing.cancel(false));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.read();
  }
}
