package dev.weir.server.http;

import java.net.InetAddress;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;

import dev.weir.server.net.IpAddress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * The very first part of a connection, before TLS: takes the header of the PROXY protocol, of version 1 or 2, from those
 * who may state a client's address, and refuses it from others. Makes way when there is none.
 *
 * <p>Everything in it happens on the channel's event loop.
 */
final class ProxyHeader extends ByteToMessageDecoder {
  private static final byte[] TEXT = "PROXY ".getBytes(ISO_8859_1);
  private static final byte[] BINARY = "\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1);

  private final Doorstep doorstep;

  ProxyHeader(Doorstep doorstep) {
    this.doorstep = doorstep;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int text = shared(in, TEXT);
    int binary = shared(in, BINARY);
    if (text == TEXT.length || binary == BINARY.length) {
      take(ctx, in);
    } else if (in.readableBytes() != Math.max(text, binary)) {
      ctx.pipeline().remove(this);
    }
  }

  /** How many of the first bytes are those of {@code signature}. */
  private static int shared(ByteBuf in, byte[] signature) {
    int n = 0;
    while (n < signature.length && n < in.readableBytes() && in.getByte(in.readerIndex() + n) == signature[n]) {
      n++;
    }
    return n;
  }

  private void take(ChannelHandlerContext ctx, ByteBuf in) {
    if (doorstep.trusts(Doorstep.address(ctx.channel()))) {
      ctx.pipeline().addAfter(ctx.name(), null, new Taker());
      ctx.pipeline().replace(this, null, new HAProxyMessageDecoder());
    } else {
      in.skipBytes(in.readableBytes());
      doorstep.refusedProxyHeader(ctx.channel());
      ctx.pipeline().replace(this, null, new Farewell("This address may not send a PROXY header"));
    }
  }

  /** Behind the decoder: what it found, and the first bytes after it. */
  private final class Taker extends ChannelInboundHandlerAdapter {
    private boolean taken;
    private boolean moreCame;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HAProxyMessage header) {
        try {
          taken = true;
          note(ctx, header);
        } finally {
          header.release();
        }
      } else {
        moreCame = true;
        ctx.fireChannelRead(message);
      }
    }

    /** Nobody further on knows that a read was used up. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      if (taken && !moreCame) {
        ctx.read();
      }
      if (taken) {
        ctx.pipeline().remove(this);
      }
      ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      doorstep.brokenProxyHeader(ctx.channel(), cause);
      var _ = ctx.close();
    }

    /** A proxy that speaks for itself, to see whether weir is there, states nobody. */
    private void note(ChannelHandlerContext ctx, HAProxyMessage header) {
      boolean statesIp = switch (header.proxiedProtocol()) {
        case TCP4, TCP6, UDP4, UDP6 -> true;
        case UNKNOWN, UNIX_STREAM, UNIX_DGRAM -> false;
      };
      if (header.command() == HAProxyCommand.PROXY && statesIp) {
        InetAddress client = IpAddress.parse(header.sourceAddress());
        doorstep.admit(ctx.channel(), client);
      }
    }
  }
}
